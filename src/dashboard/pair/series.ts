import type { NullReason, PairSeriesColumnsFragment } from '../../generated/operations.js';
import type { ChartBand } from '../charts/types.js';
import { spanMs } from '../format/spans.js';

/** A cell of a matrix. */
export interface Cell {
  readonly base: string;
  readonly quote: string;
}

/** One number for each bucket; null where there is none. */
type Column = readonly (number | null)[];

/** What each bucket has of a line: what is null is not known of it. */
export interface SeriesLine {
  /** The last value of each bucket. */
  readonly values: Column;
  readonly candles: {
    readonly open: Column;
    readonly high: Column;
    readonly low: Column;
  } | null;
  /** Why the newest turn without a value has none; null where all have. */
  readonly reason: NullReason | null;
}

/** Lines over time, as the server answers them; columns are as long as `starts`. */
export interface PairSeries {
  /** How long a bucket is, milliseconds; null for one point a turn. */
  readonly everyMs: number | null;
  /** The same as the server calls it. */
  readonly every: string;
  /** Where each bucket begins, milliseconds since 1970, in order. */
  readonly starts: readonly number[];
  /** The last turn of each bucket; null where it is empty. */
  readonly turns: Column;
  readonly lines: readonly SeriesLine[];
  /** The newest turn in it; null for none. */
  readonly lastTurn: number | null;
}

export function seriesOf(answer: PairSeriesColumnsFragment): PairSeries {
  const turns = answer.lastTurns.filter((turn) => turn !== null);
  return {
    every: answer.every,
    everyMs: spanMs(answer.every),
    starts: answer.starts.map((start) => start ?? NaN),
    turns: answer.lastTurns,
    lines: answer.lines.map(({ values, open, high, low, nulls }) => ({
      values,
      reason: nulls?.at(-1)?.reason ?? null,
      candles: open && high && low ? { open, high, low } : null,
    })),
    lastTurn: turns.length === 0 ? null : turns.reduce((most, turn) => Math.max(most, turn)),
  };
}

/**
 * A series with buckets that came later: each takes the place of what was there of it before. In the
 * order of time, also where that of observation once went back.
 * @param from what begins before it is left out, milliseconds since 1970
 */
export function joined(before: PairSeries, after: PairSeries, from: number): PairSeries {
  const places = new Map<number, readonly [series: PairSeries, index: number]>();
  for (const series of [before, after]) {
    series.starts.forEach((start, index) => {
      if (start >= from) places.set(start, [series, index]);
    });
  }
  const starts = [...places.keys()].sort((a, b) => a - b);
  const column = (of: (series: PairSeries) => Column | undefined): Column =>
    starts.map((start) => {
      const [series, index] = places.get(start) ?? [before, -1];
      return of(series)?.[index] ?? null;
    });
  const lines = before.lines.map(({ candles, reason }, at): SeriesLine => ({
    reason: after.lines[at]?.reason ?? reason,
    values: column(({ lines }) => lines[at]?.values),
    candles: candles && {
      open: column(({ lines }) => lines[at]?.candles?.open),
      high: column(({ lines }) => lines[at]?.candles?.high),
      low: column(({ lines }) => lines[at]?.candles?.low),
    },
  }));
  const lastTurns = [before.lastTurn, after.lastTurn].filter((turn) => turn !== null);
  return {
    ...before,
    ...{ starts, lines, turns: column(({ turns }) => turns) },
    lastTurn: lastTurns.length > 0 ? Math.max(...lastTurns) : null,
  };
}

/**
 * The same with a bucket of nothing wherever time is missing between two: a live series has none there.
 * @param longestMs how far apart two neighbours may be, milliseconds
 */
export function withGaps(series: PairSeries, longestMs: number): PairSeries {
  const places: (number | null)[] = [];
  const starts: number[] = [];
  series.starts.forEach((start, index) => {
    const last = series.starts[index - 1];
    if (last !== undefined && start - last > longestMs) {
      starts.push((last + start) / 2);
      places.push(null);
    }
    starts.push(start);
    places.push(index);
  });
  if (starts.length === series.starts.length) return series;
  const column = (values: Column): Column =>
    places.map((place) => (place === null ? null : (values[place] ?? null)));
  const lines = series.lines.map(({ values, candles, reason }): SeriesLine => ({
    reason,
    values: column(values),
    candles: candles && {
      open: column(candles.open),
      high: column(candles.high),
      low: column(candles.low),
    },
  }));
  return { ...series, starts, lines, turns: column(series.turns) };
}

/** The stretches of values that no turn has: closes that were read afterwards. */
export function backfilledBands({ starts, everyMs, turns, lines }: PairSeries): ChartBand[] {
  const bands: ChartBand[] = [];
  starts.forEach((from, index) => {
    const isThere = lines.some(({ values }) => typeof values[index] === 'number');
    if (everyMs === null || !isThere || turns[index] !== null) return;
    const last = bands.at(-1);
    const to = from + everyMs;
    if (last?.to === from) bands[bands.length - 1] = { ...last, to };
    else bands.push({ name: 'Backfilled: closes of minutes', from, to, colour: '--quiet' });
  });
  return bands;
}

/** Values in percent of how far they are from the first one in sight. */
export function rebased(starts: readonly number[], values: Column, from: number): Column {
  const first = values.find((value, index) => value && (starts[index] ?? NaN) >= from);
  if (!first) return values.map(() => null);
  return values.map((value) => (value === null ? null : 100 * (value / first - 1)));
}
