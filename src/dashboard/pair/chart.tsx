import { useEffect, useRef } from 'react';
import UPlot, { type AlignedData, type Options } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { MatrixKind } from '../../generated/operations.js';
import { formatValue, KIND_WORDS, unitOf } from '../matrix/kinds.js';
import { useThemeChanges } from '../parts/theme.js';
import type { CoursePoint } from './course.js';

const HEIGHT = 150;

interface ChartProps {
  readonly points: readonly CoursePoint[];
  readonly kind: MatrixKind;
  readonly base: string;
  readonly quote: string;
  /** The turn that is looked at. */
  readonly turn: number | null;
}

/** The course of one kind of value over the turns. */
export function Chart({ points, kind, base, quote, turn }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const theme = useThemeChanges();
  const words = KIND_WORDS[kind];
  const unit = unitOf(kind, base, quote);
  const shown = points.findLast((point) => turn === null || point.turn <= turn);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new UPlot(optionsOf(kind, element), [[], []], element);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [kind, theme]);

  useEffect(() => {
    const data: AlignedData = [
      points.map((point) => point.turn),
      points.map((point) => point.values[kind]),
    ];
    plot.current?.setData(data);
  }, [points, kind, theme]);

  return (
    <figure className="chart">
      <figcaption>
        <strong>
          {words.name} <span className="quiet">{words.symbol}</span>
        </strong>{' '}
        <span className="value">
          {formatValue(kind, shown?.values[kind] ?? null)} {unit}
        </span>
      </figcaption>
      <div
        ref={frame}
        role="img"
        aria-label={`${words.name} of ${base}/${quote} over ${points.length} turns${rangeOf(points, kind)}`}
      />
    </figure>
  );
}

function rangeOf(points: readonly CoursePoint[], kind: MatrixKind): string {
  const values = points.map((point) => point.values[kind]).filter((value) => value !== null);
  if (values.length === 0) return ': no values';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `: from ${formatValue(kind, least)} to ${formatValue(kind, most)}`;
}

function optionsOf(kind: MatrixKind, element: Element): Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--quiet'), font: '11px system-ui, sans-serif' };
  const lines = { stroke: colour('--line'), width: 1 };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        ticks: lines,
        values: (_plot, turns) => turns.map(whole),
      },
      {
        ...axis,
        size: 74,
        grid: lines,
        ticks: lines,
        values: (_plot, values) => values.map((value) => formatValue(kind, value)),
      },
    ],
    series: [
      { label: 'Turn' },
      { label: KIND_WORDS[kind].name, stroke: colour('--accent'), width: 2, points: { size: 4 } },
    ],
  };
}

/** A turn is a whole number; an axis may have steps between them. */
function whole(turn: number): string {
  return Number.isInteger(turn) ? String(turn) : '';
}
