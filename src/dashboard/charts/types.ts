import type { Zone } from '../format/moment-text.js';

/** One number over time. Several may have moments of their own. */
export interface ChartLine {
  readonly name: string;
  /** Milliseconds since 1970, in order. */
  readonly times: readonly number[];
  /** One for each of `times`; null where there is none, which is drawn as a gap. */
  readonly values: readonly (number | null)[];
  /** The name of a CSS variable, for example `--accent`; without it, the next of the chart's own. */
  readonly colour?: string;
  readonly format: (value: number) => string;
  readonly axis?: 'left' | 'right';
  /** Whether it is filled: down to the line before it, the first one down to 0. */
  readonly fill?: boolean;
  /** What is told in the place of `values`, as long as these: of a part that lies upon others, what it is alone. */
  readonly told?: readonly (number | null)[];
}

/** Open, high, low and close of each bucket: columns as long as `times`, null where it is empty. */
export interface ChartCandles {
  readonly name: string;
  /** The start of each bucket, milliseconds since 1970, in order. */
  readonly times: readonly number[];
  readonly open: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly close: readonly (number | null)[];
  /** How long a bucket is, milliseconds. */
  readonly every: number;
  readonly format: (value: number) => string;
}

/** A stretch of time that is told apart, with its name. */
export interface ChartBand {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The name of a CSS variable. */
  readonly colour: string;
  /** Whether nothing is known of it: it is hatched. */
  readonly isGap?: boolean;
}

/** A moment that is told apart. */
export interface ChartMark {
  readonly at: number;
  readonly label: string;
}

/** A value that is told apart, on the axis of the first line. */
export interface ChartLevel {
  readonly value: number;
  readonly label: string;
}

/** A stretch of time: from when to when, milliseconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** All that a chart shows. */
export interface ChartContent {
  readonly lines: readonly ChartLine[];
  readonly candles?: ChartCandles | undefined;
  readonly bands?: readonly ChartBand[] | undefined;
  readonly marks?: readonly ChartMark[] | undefined;
  readonly levels?: readonly ChartLevel[] | undefined;
  /** Which turn is at one of the moments; null for none. */
  readonly turnAt?: ((at: number) => number | null) | undefined;
}

/** What is shown now: a plot asks for it whenever it draws. */
export interface Shown extends ChartContent {
  readonly range: TimeRange;
  readonly zone: Zone;
  /** Whether moments stand below it; those of charts one above the other need to only once. */
  readonly hasTimes: boolean;
}
