import { useMemo } from 'react';
import {
  PairGapsDocument,
  TurnMomentDocument,
  type PairGapsQuery,
} from '../../generated/operations.js';
import type { ChartBand, TimeRange } from '../charts/types.js';
import { useAsked } from '../api/use-asked.js';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { formatSpan } from '../format/moments.js';

/** Gaps that would be narrower than that are not asked for: pixels of a chart. */
const WIDTH_PX = 600;
/** Gaps are asked for again after such a part of the range. */
const AGAIN = 1 / 60;
const AGAIN_LEAST_MS = 15_000;

/** When the turn that is looked at was observed, milliseconds since 1970; null while that is not known. */
export function useMomentOfTurn(): { readonly at: number | null; readonly isNewest: boolean } {
  const { latest } = useLive();
  const { turn, isLive } = useTurn();
  const { data } = useAsked(TurnMomentDocument, { turn: turn ?? 0 }, isLive || turn === null);
  if (isLive) return { at: latest && Date.parse(latest.observedAt), isNewest: true };
  const cycle = data?.cycle?.turn === turn ? data.cycle : null;
  return { at: cycle ? Date.parse(cycle.observedAt) : null, isNewest: false };
}

/** The stretches of a range without turns, with why. */
export function useGaps(range: TimeRange | null): readonly ChartBand[] {
  const { latest } = useLive();
  const newest = latest ? Date.parse(latest.observedAt) : 0;
  const span = range ? range.to - range.from : 0;
  const step = Math.max(AGAIN_LEAST_MS, span * AGAIN);
  const floor = (at: number): number => Math.floor(at / step) * step;
  const from = range ? floor(range.from) : 0;
  const to = range ? Math.min(floor(range.to), floor(newest)) + step : 0;
  const longerThan = `${Math.max(1, Math.ceil(span / WIDTH_PX / 1_000))}s`;
  const variables = { from: text(from), to: text(to), longerThan };
  const { data } = useAsked(PairGapsDocument, variables, range === null || !(from < to));
  const gaps = data?.gaps;
  return useMemo(() => (gaps ?? []).map(bandOf), [gaps]);
}

function text(at: number): string {
  return new Date(at).toISOString();
}

type Gap = NonNullable<PairGapsQuery['gaps']>[number];

function bandOf({ from, to, reasons }: Gap): ChartBand {
  const [first, last] = [Date.parse(from), Date.parse(to)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const why = reasons.map(({ message, count }) => `${message} (${count})`).join('; ');
  const name = `No turn for ${formatSpan(last - first)}: ${why || 'no instance ran'}`;
  return { name, from: first, to: last, colour: '--quiet', isGap: true };
}
