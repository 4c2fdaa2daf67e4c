import { useMemo } from 'react';
import type { CourseRange } from '../api/use-course-range.js';
import type { ChartLine } from '../charts/types.js';
import { formatNumber } from '../format/numbers.js';
import { spanMs } from '../format/spans.js';
import { CourseChart } from '../parts/course-chart.js';
import { addedUp, type Attribution } from './growth.js';
import { decimalsOfWorth } from './worth.js';

const CHART_PX = 150;

/**
 * What the market did, and what came or went, added up from the beginning of the range.
 * @param every how long a bucket is, as it was asked for
 */
export function GrowthCourse({
  attribution,
  every,
  range,
}: {
  readonly attribution: Attribution;
  readonly every: string;
  readonly range: CourseRange;
}) {
  const lines = useMemo(() => linesOf(attribution, every), [attribution, every]);
  return (
    <CourseChart
      label={`What made it change, added up by ${every}, ${attribution.in}`}
      height={CHART_PX}
      lines={lines}
      range={range}
    />
  );
}

function linesOf({ starts, total, startValue, endValue }: Attribution, every: string): ChartLine[] {
  // A sum is known at the end of its bucket.
  const bucketMs = spanMs(every) ?? 0;
  const times = starts.map((start) => (start ?? 0) + bucketMs);
  const decimals = decimalsOfWorth([startValue, endValue]);
  const format = (value: number): string => formatNumber(value, decimals, { signed: true });
  const [first = 0] = starts;
  const line = (name: string, column: readonly (number | null)[]): ChartLine => ({
    name,
    times: [first ?? 0, ...times],
    values: [0, ...addedUp(column)],
    format,
  });
  const lines = [line('Market', total.price), line('Flow', total.flow)];
  const isPriced = total.unpriced.every((value) => (value ?? 0) === 0);
  return isPriced ? lines : [...lines, line('Unpriced', total.unpriced)];
}
