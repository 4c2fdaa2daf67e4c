import UPlot, { type AlignedData } from 'uplot';
import type { ChartContent } from './types.js';

/** How many columns candles take: open, high, low and close. */
export const CANDLE_COLUMNS = 4;

type Column = readonly (number | null)[];
type Table = readonly [times: readonly number[], ...columns: Column[]];

/**
 * All that a chart draws, over one column of moments: first candles, where there are, then the lines in
 * their order. Where a line has no moment that another one has, it has `undefined`, which is no gap.
 */
export function aligned({ lines, candles }: Pick<ChartContent, 'lines' | 'candles'>): AlignedData {
  const tables: Table[] = [
    ...(candles
      ? [[candles.times, candles.open, candles.high, candles.low, candles.close] as const]
      : []),
    ...lines.map(({ times, values }) => [times, values] as const),
  ];
  const [first] = tables;
  if (!first) return [[]];
  const isShared = tables.every(([times]) => times === first[0] || isSame(times, first[0]));
  const data = isShared
    ? [first[0], ...tables.flatMap(([, ...columns]) => columns)]
    : UPlot.join(tables as unknown as AlignedData[]);
  return data as AlignedData;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((time, index) => time === b[index]);
}

/** The points without a neighbour to draw a line to: these are drawn as dots, in a dense line too. */
export function isolated(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let last: number | null = null;
  let isOpen = false;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value === undefined) continue;
    if (value === null) {
      if (last !== null && isOpen) found.push(last);
      [last, isOpen] = [null, false];
      continue;
    }
    isOpen = last === null;
    last = at;
  }
  if (last !== null && isOpen) found.push(last);
  return found;
}
