import { useMemo, useState } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import {
  RuleAssetCourseDocument,
  RuleCellCourseDocument,
  RuleConsistencyCourseDocument,
  RuleStrategyCourseDocument,
  RuleWalletCourseDocument,
  RuleWindowCourseDocument,
  type Aggregate,
  type LineInput,
  type RuleCourseFragment,
} from '../../generated/operations.js';
import { useAsked, type Asked } from '../api/use-asked.js';
import type { Watch } from './draft.js';
import { given } from './rule-file.js';

/** What each range is called in the address of a moment. */
export const TRIAL_RANGES = ['1h', '24h', '7d', '30d'] as const;
export type TrialRange = (typeof TRIAL_RANGES)[number];

/** The course of a line: one value a bucket. */
export interface RuleCourse {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** How each of them has its course asked for. All answer it under the same name. */
interface CourseQuery {
  readonly query: TypedDocumentNode<{ readonly series: RuleCourseFragment | null }, AnyVariables>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * The course of the line that a rule watches. Of each bucket it has what the rule would see most of:
 * the highest value for one that waits for a line to be above, the lowest for below.
 */
export function useCourse(line: LineInput, watch: Watch, range: TrialRange): Asked<RuleCourse> {
  const key = JSON.stringify(line);
  const { query, variables } = useMemo(() => courseQuery(JSON.parse(key) as LineInput), [key]);
  // Of a window, all but the last value of a bucket would have every window worked out.
  const of: Aggregate = line.kind === 'WINDOW' ? 'LAST' : AGGREGATES[watch];
  const asked = useAsked(query, { ...variables, from: `now-${range}`, of });
  const { isWaiting, error } = asked;
  const [known, setKnown] = useState<string | null>(null);
  if (!isWaiting && !error && asked.data && known !== key) setKnown(key);
  // The course of another line is none of this one; of another range, it stays until the new one is there.
  const series = known === key ? (asked.data?.series ?? null) : null;
  const data = useMemo(() => {
    if (!series) return null;
    const { asset } = JSON.parse(key) as LineInput;
    return courseOf(series, asset ?? null, key);
  }, [series, key]);
  return { ...asked, data };
}

const AGGREGATES: Readonly<Record<Watch, Aggregate>> = {
  above: 'MAX',
  below: 'MIN',
  crosses: 'LAST',
  moves: 'LAST',
};

function courseQuery(line: LineInput): CourseQuery {
  const { kind, base, quote, asset, figure, strategy, lag } = line;
  const priced = given({ price: line.price, feeBps: line.feeBps });
  const numeraire = given({ in: line.in });
  const length = given({ over: line.over, step: line.step });
  const cells = [{ base, quote }];
  switch (kind) {
    case 'CELL':
      return asQuery(RuleCellCourseDocument, {
        ...{ cells, ...given({ kind: line.matrix }) },
        ...priced,
      });
    case 'ASSET':
      return asQuery(RuleAssetCourseDocument, {
        ...{ assets: [asset], figure },
        ...numeraire,
        ...length,
      });
    case 'WALLET':
    case 'BALANCE':
      return asQuery(RuleWalletCourseDocument, {
        byAsset: kind === 'BALANCE',
        ...numeraire,
        ...priced,
      });
    case 'STRATEGY':
      return asQuery(RuleStrategyCourseDocument, { figures: [strategy] });
    case 'CONSISTENCY':
      return asQuery(RuleConsistencyCourseDocument, {});
    case 'WINDOW':
      return asQuery(RuleWindowCourseDocument, {
        ...{ cells, kind: line.window },
        ...numeraire,
        ...length,
        ...given({ lag }),
      });
  }
}

function asQuery(query: unknown, variables: Readonly<Record<string, unknown>>): CourseQuery {
  return { query: query as CourseQuery['query'], variables };
}

function courseOf(series: RuleCourseFragment, asset: string | null, key: string): RuleCourse {
  const { kind, consistency } = JSON.parse(key) as LineInput;
  const times = series.starts.filter((start) => start !== null);
  const line =
    kind === 'BALANCE'
      ? series.lines.find((each) => each.asset === asset)
      : // Consistency has its median first, then its largest.
        series.lines[kind === 'CONSISTENCY' && consistency === 'MAX_BPS' ? 1 : 0];
  return {
    from: series.from ? Date.parse(series.from) : (times[0] ?? 0),
    to: series.to ? Date.parse(series.to) : (times.at(-1) ?? 0),
    times,
    values: line?.values ?? times.map(() => null),
  };
}
