import { useMemo } from 'react';
import { useLive } from '../api/use-live.js';
import { withGaps, type PairSeries } from './series.js';

/** Turns that are so many intervals apart have time missing between them, as the server's gaps have it. */
const GAP_INTERVALS = 3;
const USUAL_INTERVAL_MS = 10_000;

/** A series with its gaps, for drawing. */
export function useDrawn(series: PairSeries | null): PairSeries | null {
  const { status } = useLive();
  const interval = status?.cycleIntervalMs ?? USUAL_INTERVAL_MS;
  return useMemo(
    () => series && withGaps(series, series.everyMs ?? GAP_INTERVALS * interval),
    [series, interval],
  );
}
