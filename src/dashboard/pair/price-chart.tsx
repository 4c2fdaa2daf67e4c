import { useMemo } from 'react';
import { TimeChart, type ChartMark, type TimeRange } from '../charts/time-chart.js';
import { ErrorNote, Waiting } from '../parts/notes.js';
import { show } from '../use-view-state.js';
import { nameOf, priceContent } from './contents.js';
import { Nothing } from './nothing.js';
import { useDrawn } from './use-drawn.js';
import './price-chart.css';
import { useGaps } from './use-gaps.js';
import { backfilledBands, type Cell } from './series.js';
import type { AskedSeries } from './use-series.js';

interface PriceChartProps {
  readonly cells: readonly Cell[];
  readonly asked: AskedSeries;
  readonly range: TimeRange;
  readonly marks: readonly ChartMark[];
  /** Of the price; null where its tick is not known. */
  readonly decimals: number | null;
  readonly onRange: (from: number, to: number) => void;
  /** In pixels; `fill` takes the room that there is. */
  readonly height: number | 'fill';
  /** Whether the wheel zooms by itself; else only with Ctrl, so that one can scroll past the chart. */
  readonly takesWheel?: boolean;
}

/** The price, or several in comparison. */
export function PriceChart({ cells, asked, range, marks, decimals, ...chart }: PriceChartProps) {
  const { series, isOld, error, again } = asked;
  const gaps = useGaps(series ? range : null);
  const drawn = useDrawn(series);
  const bands = useMemo(() => [...gaps, ...(drawn ? backfilledBands(drawn) : [])], [gaps, drawn]);
  const content = useMemo(
    () => (drawn ? priceContent(drawn, cells, range, decimals) : { lines: [] }),
    // Only what they are compared with depends on where the range begins.
    [drawn, cells, decimals, cells.length > 1 ? range.from : 0],
  );
  const isEmpty = series !== null && !isOld && !hasValues(content);
  return (
    <div className={isOld ? 'price-chart old' : 'price-chart'} aria-busy={isOld}>
      {error && <ErrorNote error={error} again={again} />}
      <TimeChart
        label={cells.map(nameOf).join(', ')}
        {...chart}
        {...content}
        bands={bands}
        marks={marks}
        from={range.from}
        to={range.to}
        onReset={() => show({ from: null, to: null }, true)}
      />
      {series === null && !error && <Waiting is label="Reading the past" />}
      {isEmpty && <Nothing cells={cells} asked={asked} />}
    </div>
  );
}

function hasValues({ lines, candles }: ReturnType<typeof priceContent>): boolean {
  const columns = [...lines.map(({ values }) => values), ...(candles ? [candles.close] : [])];
  return columns.some((values) => values.some((value) => value !== null));
}
