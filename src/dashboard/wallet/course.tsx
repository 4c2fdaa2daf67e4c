import { useMemo } from 'react';
import type { CourseRange } from '../api/use-course-range.js';
import type { ChartLine } from '../charts/types.js';
import { formatNumber } from '../format/numbers.js';
import { CourseChart } from '../parts/course-chart.js';
import type { WalletShape } from '../view-state.js';
import { layersOf, partsOf, type Course, type Part } from './shares.js';
import { decimalsOfWorth } from './worth.js';

const CHART_PX = 230;
/** So many parts have a line of their own; the rest is one. */
const MOST_PARTS = 5;

/** What the wallet was worth over time: the whole, each balance, or these on top of each other. */
export function WalletCourse({
  course,
  shape,
  range,
}: {
  readonly course: Course;
  readonly shape: WalletShape;
  readonly range: CourseRange;
}) {
  const lines = useMemo(() => linesOf(course, shape), [course, shape]);
  const unit = shape === 'shares' ? '%' : course.in;
  return (
    <CourseChart
      label={`${SHAPE_TITLES[shape]}, ${unit}`}
      height={CHART_PX}
      lines={lines}
      range={range}
    />
  );
}

const SHAPE_TITLES: Readonly<Record<WalletShape, string>> = {
  whole: 'Worth of the wallet',
  assets: 'Worth of each balance',
  stacked: 'Worth, balance upon balance',
  shares: 'Shares of the wallet',
};

function linesOf(course: Course, shape: WalletShape): readonly ChartLine[] {
  const times = course.starts.map((start) => start ?? 0);
  const whole = course.lines[0]?.values ?? [];
  const decimals = decimalsOfWorth(whole);
  const worth = (value: number): string => formatNumber(value, decimals);
  if (shape === 'whole') {
    return [{ name: 'Worth', times, values: whole, format: worth, colour: '--accent' }];
  }
  const parts = partsOf(course, MOST_PARTS);
  if (shape === 'assets') {
    return parts.map(({ name, values }) => ({ name, times, values, format: worth }));
  }
  return stackedLines(parts, whole, times, shape === 'shares', worth);
}

/** The largest part lies at the bottom, and each line is the top of its part. */
function stackedLines(
  parts: readonly Part[],
  whole: readonly (number | null)[],
  times: readonly number[],
  asShares: boolean,
  worth: (value: number) => string,
): readonly ChartLine[] {
  const format = asShares ? (share: number): string => formatNumber(share, 1) : worth;
  return layersOf(parts, whole, asShares).map(({ name, from, to }) => ({
    name,
    times,
    values: to,
    told: to.map((top, at) => (top === null ? null : top - (from[at] ?? 0))),
    fill: true,
    format,
  }));
}
