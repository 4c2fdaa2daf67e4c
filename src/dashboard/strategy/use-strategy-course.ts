import { useMemo } from 'react';
import type { CombinedError } from 'urql';
import {
  AssetsCourseDocument,
  StrategyCourseDocument,
  type AssetFigure,
  type AssetsCourseQuery,
  type StrategyCourseQuery,
} from '../../generated/operations.js';
import { useFollowed } from '../api/use-followed.js';
import { assetsOfNote, leadsOf, type Lead } from './leads.js';

type Column = readonly (number | null)[];

/** The API gives so many assets in one series. */
export const MOST_ASSETS = 100;
/** So many lines can be told apart. */
const MOST_LINES = 6;
const POINTS = 400;

/** The order in which strategy-course.graphql asks for them. */
const FIGURES = ['quant', 'shift', 'grt', 'imprint', 'luggage'] as const;

/** The strategy over time. */
export interface StrategyCourse {
  /** Where what is stored begins within the range, as the API has it. */
  readonly from: string | null;
  /** The moment of each point, milliseconds since 1970. */
  readonly times: readonly number[];
  readonly figures: Readonly<Record<(typeof FIGURES)[number], Column>>;
  readonly leads: readonly Lead[];
  /** The assets with a line of their own, each as long as `times`. */
  readonly lines: readonly { readonly asset: string; readonly values: Column }[];
}

export interface AskedCourse {
  readonly course: StrategyCourse | null;
  readonly isWaiting: boolean;
  readonly error: CombinedError | undefined;
  readonly again: () => void;
}

interface Range {
  readonly from: string;
  readonly to: string;
}

/**
 * The strategy's figures and those of its assets over a range.
 * @param range null before its end is known
 * @param assets of which the lead may be, at most MOST_ASSETS
 */
export function useStrategyCourse(
  range: Range | null,
  assets: readonly string[],
  figure: AssetFigure,
  follows: boolean,
): AskedCourse {
  const asked = range && { ...range, maxPoints: POINTS };
  const strategy = useFollowed(StrategyCourseDocument, asked, follows);
  const isAsked = asked !== null && assets.length > 0;
  const quants = useFollowed(
    AssetsCourseDocument,
    isAsked ? { ...asked, assets: [...assets], figure: 'QUANT' } : null,
    follows,
  );
  const ofStrategy = strategy.answer?.data.strategySeries;
  const ofQuants = quants.answer?.data.assetSeries;
  const base = useMemo(
    () => (ofStrategy ? courseOf(ofStrategy, ofQuants ?? null) : null),
    [ofStrategy, ofQuants],
  );
  const shown = base?.lines.map(({ asset }) => asset) ?? [];
  const needsMore = figure !== 'QUANT' && isAsked && shown.length > 0;
  const others = useFollowed(
    AssetsCourseDocument,
    needsMore ? { ...asked, assets: shown.toSorted(), figure } : null,
    follows,
  );
  const ofOthers = needsMore ? others.answer?.data.assetSeries : null;
  const course = useMemo(() => {
    if (!base || figure === 'QUANT') return base;
    return { ...base, lines: ofOthers ? linesOf(base, ofOthers) : [] };
  }, [base, ofOthers, figure]);
  return {
    course,
    isWaiting: strategy.isWaiting || quants.isWaiting || others.isWaiting,
    error: strategy.error ?? quants.error ?? others.error,
    again: () => {
      for (const each of [strategy, quants, others]) each.again();
    },
  };
}

type StrategySeries = NonNullable<StrategyCourseQuery['strategySeries']>;
type AssetSeries = NonNullable<AssetsCourseQuery['assetSeries']>;

function courseOf(strategy: StrategySeries, quants: AssetSeries | null): StrategyCourse {
  // Both are asked for by themselves: a turn may have come in between.
  const end = Math.min(lastOf(strategy.starts), quants ? lastOf(quants.starts) : Infinity);
  const times = strategy.starts.map((start) => start ?? 0).filter((start) => start <= end);
  const columns = strategy.lines.map(({ values }): Column => values.slice(0, times.length));
  const figures = Object.fromEntries(
    FIGURES.map((name, index) => [name, columns[index] ?? []]),
  ) as StrategyCourse['figures'];
  const assets = quants ? columnsAt(times, quants) : [];
  const leads = leadsOf(times, figures.quant, assets);
  const shown = assetsOfNote(assets, leads, MOST_LINES);
  const lines = assets.filter(({ asset }) => shown.includes(asset));
  return { from: strategy.from, times, figures, leads, lines };
}

function lastOf(starts: Column): number {
  return starts.at(-1) ?? Infinity;
}

/** The lines of the same assets, in the same order. */
function linesOf({ times, lines }: StrategyCourse, series: AssetSeries): StrategyCourse['lines'] {
  const columns = columnsAt(times, series);
  return lines.flatMap(({ asset }) => columns.filter((column) => column.asset === asset));
}

/** The columns of a series at other moments: it may be of a turn before, or after. */
function columnsAt(
  times: readonly number[],
  { starts, lines }: AssetSeries,
): readonly { readonly asset: string; readonly values: Column }[] {
  const places = new Map(starts.map((start, at) => [start, at]));
  return lines.map(({ asset, values }) => ({
    asset: asset ?? '',
    values: times.map((time) => values[places.get(time) ?? -1] ?? null),
  }));
}
