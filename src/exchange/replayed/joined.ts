import { CandleSeries, differenceOf } from './candle-series.js';

/** Candles of a symbol with the file that they come from. */
export interface CandlePart {
  readonly place: string;
  readonly series: CandleSeries;
}

/** A time in which a symbol has no candle, though before and after: milliseconds since 1970. */
export interface CandleGap {
  readonly from: number;
  readonly to: number;
}

/**
 * Joins the candles of one symbol from several files, in whatever order: what stands in more than
 * one of them counts once. Gives what contradicts in words in place of the candles.
 */
export function joinCandles(parts: readonly CandlePart[]): CandleSeries | string {
  const ordered = [...parts].sort((a, b) => firstOf(a) - firstOf(b));
  const lengths = new Map(ordered.map((part) => [lengthOf(part), part.place]));
  if (lengths.size > 1) {
    const told = [...lengths].map(([ms, place]) => `${ms / 1000} s (${place})`);
    return `candles of different lengths, of which one can be played: ${told.join(', ')}`;
  }
  const [first, ...others] = ordered;
  if (first && others.length === 0) return first.series;
  const all = new CandleSeries();
  for (const part of ordered) {
    const conflict = append(all, part.series);
    if (conflict !== null) return describe(conflict, ordered);
  }
  return all;
}

/** The times of a day and longer without a candle. */
export function gapsIn(series: CandleSeries, atLeastMs: number): CandleGap[] {
  const gaps: CandleGap[] = [];
  for (let index = 1; index < series.length; index++) {
    const from = series.at(index - 1, 'close time') + 1;
    const to = series.at(index, 'open time');
    if (to - from >= atLeastMs) gaps.push({ from, to });
  }
  return gaps;
}

function firstOf({ series }: CandlePart): number {
  return series.at(0, 'open time');
}

function lengthOf({ series }: CandlePart): number {
  return series.at(0, 'close time') + 1 - series.at(0, 'open time');
}

interface Conflict {
  readonly openTime: number;
  readonly column: string;
}

/** Adds candles that begin no earlier; where two are of the same time and differ, tells where. */
function append(all: CandleSeries, next: CandleSeries): Conflict | null {
  const begin = next.at(0, 'open time');
  const overlap = all.cut(all.countUntil((index) => all.at(index, 'open time') < begin));
  let [a, b] = [0, 0];
  while (a < overlap.length || b < next.length) {
    const [timeA, timeB] = [timeAt(overlap, a), timeAt(next, b)];
    if (timeA === timeB) {
      const column = differenceOf(overlap.candle(a), next.candle(b));
      if (column !== null) return { openTime: timeA, column };
      b++;
    } else if (timeB < timeA) all.push(next.candle(b++));
    else all.push(overlap.candle(a++));
  }
  return null;
}

function timeAt(series: CandleSeries, index: number): number {
  return index < series.length ? series.at(index, 'open time') : Infinity;
}

function describe({ openTime, column }: Conflict, parts: readonly CandlePart[]): string {
  const places = parts
    .filter(({ series }) => {
      const index = series.countUntil((at) => series.at(at, 'open time') < openTime);
      return timeAt(series, index) === openTime;
    })
    .map(({ place }) => place);
  const at = new Date(openTime).toISOString();
  return `the candle of ${at} differs (${column}) between ${places.join(' and ')}`;
}
