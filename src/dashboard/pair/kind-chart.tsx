import { useMemo } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { TimeChart, type ChartLine, type ChartMark, type TimeRange } from '../charts/time-chart.js';
import { decimalsFor, formatNumber } from '../format/numbers.js';
import { KIND_WORDS, unitOf } from '../matrix/kinds.js';
import { wordsOf } from '../api/client.js';
import { show } from '../use-view-state.js';
import type { AskedRange } from './address.js';
import { turnsOf } from './contents.js';
import type { Cell } from './series.js';
import { useDrawn } from './use-drawn.js';
import { useSeries } from './use-series.js';

const HEIGHT_PX = 72;
const TIMES_PX = 28;
/** A point for every so many pixels. */
const POINT_PX = 2;

/** Of the kinds whose size does not depend on that of the price. */
const DECIMALS: Readonly<Partial<Record<MatrixKind, number>>> = {
  ID_PERCENT: 2,
  ID_PCT: 4,
  QUANTID: 3,
};

interface KindChartProps {
  readonly kind: MatrixKind;
  readonly cell: Cell;
  readonly asked: AskedRange;
  readonly range: TimeRange;
  readonly marks: readonly ChartMark[];
  readonly width: number;
  /** Not before the price is there. */
  readonly isPaused: boolean;
  /** Whether moments stand below it. */
  readonly isLast: boolean;
  readonly onRange: (from: number, to: number) => void;
}

/** The course of one kind of matrix for a pair, below its price. */
export function KindChart(props: KindChartProps) {
  const { kind, cell, asked, range, marks, width, isPaused, isLast, onRange } = props;
  const { series, error, isOld, again } = useSeries(
    isPaused
      ? null
      : {
          ...{ ...asked, kind, cells: [cell], price: 'LAST', withCandles: false },
          maxPoints: Math.round(width / POINT_PX),
        },
  );
  const drawn = useDrawn(series);
  const turnAt = useMemo(() => drawn && turnsOf(drawn), [drawn]);
  const lines = useMemo((): readonly ChartLine[] => {
    const values = drawn?.lines[0]?.values ?? [];
    const decimals = DECIMALS[kind] ?? decimalsFor(values);
    const format = (value: number): string => formatNumber(value, decimals, { signed: true });
    return [{ name: KIND_WORDS[kind].symbol, times: drawn?.starts ?? [], values, format }];
  }, [drawn, kind]);
  const { name } = KIND_WORDS[kind];
  const unit = unitOf(kind, cell.base, cell.quote);
  return (
    <div className={isOld && series ? 'kind-chart old' : 'kind-chart'}>
      <TimeChart
        label={unit === '' ? name : `${name}, ${unit}`}
        height={HEIGHT_PX + (isLast ? TIMES_PX : 0)}
        lines={lines}
        turnAt={turnAt ?? undefined}
        marks={marks}
        from={range.from}
        to={range.to}
        hasTimes={isLast}
        onRange={onRange}
        onReset={() => show({ from: null, to: null }, true)}
      />
      {error && (
        <p className="fault">
          {wordsOf(error)}{' '}
          <button type="button" className="small" onClick={again}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}
