import type { LineAggregates } from './aggregate.js';

/** Candles of a line, by bucket; NaN where none of its turns has a value. */
export interface Candles {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** How many turns have a value. */
  readonly counts: Float64Array;
}

export function candlesOf(line: LineAggregates, size: number): Candles {
  return {
    open: line.values('FIRST', size),
    high: line.values('MAX', size),
    low: line.values('MIN', size),
    close: line.values('LAST', size),
    counts: line.values('COUNT', size),
  };
}
