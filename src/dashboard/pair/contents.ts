import { formatNumber, formatPercent, decimalsFor } from '../format/numbers.js';
import type { ChartCandles, ChartLine, TimeRange } from '../charts/types.js';
import { rebased, type Cell, type PairSeries } from './series.js';

/** What a chart of prices draws. */
export interface PriceContent {
  readonly lines: readonly ChartLine[];
  readonly candles?: ChartCandles;
  readonly turnAt?: (at: number) => number | null;
}

export function nameOf({ base, quote }: Cell): string {
  return `${base}/${quote}`;
}

/** Which turn each bucket ended with. */
export function turnsOf({ starts, turns }: PairSeries): (at: number) => number | null {
  const byStart = new Map(starts.map((start, index) => [start, turns[index] ?? null]));
  return (at) => byStart.get(at) ?? null;
}

/**
 * The price as candles, or as a line where each point is one turn; several prices as lines in percent
 * of how far each is from the first of them in sight.
 */
export function priceContent(
  series: PairSeries,
  cells: readonly Cell[],
  range: TimeRange,
  decimals: number | null,
): PriceContent {
  const { starts, lines } = series;
  const [first] = lines;
  if (!first) return { lines: [] };
  const turnAt = turnsOf(series);
  if (cells.length > 1) {
    return {
      turnAt,
      lines: cells.map((cell, index) => ({
        name: nameOf(cell),
        times: starts,
        values: rebased(starts, lines[index]?.values ?? [], range.from),
        format: (value) => `${formatPercent(value)} %`,
      })),
    };
  }
  const places = decimals ?? decimalsFor(first.values);
  const format = (value: number): string => formatNumber(value, places);
  const name = nameOf(cells[0] as Cell);
  const { candles } = first;
  if (!candles || series.everyMs === null)
    return { turnAt, lines: [{ name, times: starts, values: first.values, format }] };
  const columns = { name, times: starts, ...candles, close: first.values };
  return { turnAt, lines: [], candles: { ...columns, every: series.everyMs, format } };
}
