import { useMemo } from 'react';
import type { CourseRange } from '../api/use-course-range.js';
import { useTurn } from '../api/use-turn.js';
import {
  TimeChart,
  type ChartBand,
  type ChartLevel,
  type ChartLine,
} from '../charts/time-chart.js';
import { useGaps } from '../pair/use-gaps.js';
import { show } from '../use-view-state.js';
import { brokenAt } from './breaks.js';

interface CourseChartProps {
  readonly label: string;
  /** Pixels. */
  readonly height: number;
  readonly lines: readonly ChartLine[];
  readonly bands?: readonly ChartBand[];
  readonly levels?: readonly ChartLevel[] | undefined;
  readonly range: CourseRange;
}

const NO_BANDS: readonly ChartBand[] = [];

/** Lines over the range of the view, with the gaps of the history, and the turn where one is looked at. */
export function CourseChart({ range, lines, bands = NO_BANDS, ...content }: CourseChartProps) {
  const { at, shown, onRange } = range;
  const { turn, isLive } = useTurn();
  const gaps = useGaps(at === null ? null : shown);
  const drawn = useMemo(() => brokenAt(lines, gaps), [lines, gaps]);
  const allBands = useMemo(() => [...bands, ...gaps], [bands, gaps]);
  const marks = useMemo(
    () => (isLive || at === null ? [] : [{ at, label: `turn ${turn}` }]),
    [isLive, at, turn],
  );
  return (
    <TimeChart
      {...content}
      lines={drawn}
      bands={allBands}
      marks={marks}
      from={shown.from}
      to={shown.to}
      onRange={onRange}
      onReset={() => show({ from: null, to: null }, true)}
    />
  );
}
