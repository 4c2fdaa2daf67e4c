import UPlot, { type AlignedData, type Axis, type Options, type Series } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Zone } from '../format/moments.js';
import { CANDLE_COLUMNS, isolated } from './aligned.js';
import { colourOf, dashOf, type Palette } from './colours.js';
import {
  drawBands,
  drawCandles,
  drawLevels,
  drawMarks,
  drawTags,
  FONT_PX,
  penOf,
  type Tag,
} from './draw.js';
import type { Place } from './pointed.js';
import { fillOf, fillsOf, toldAt } from './fills.js';
import { tickLabels, withoutCut } from './time-axis.js';
import type { ChartContent, TimeRange } from './types.js';

const DAY_AXIS_PX = 32;
/** An axis of values is so wide at least, so that the charts of a view lie above each other. */
const VALUE_AXIS_PX = 76;
const DIGIT_PX = 7;
/** Points further apart than that are drawn as dots. */
const DOTS_PX = 14;
/** What is left above and below the values, as a share of their range. */
const AIR = 0.06;
/** The same where all are equal, as a share of their size. */
const AIR_WHERE_FLAT = 0.01;

/** What is shown now: a plot asks for it whenever it draws. */
export interface Shown extends ChartContent {
  readonly range: TimeRange;
  readonly zone: Zone;
  /** Whether moments stand below it; those of charts one above the other need to only once. */
  readonly hasTimes: boolean;
}

interface PlotOptions {
  readonly element: HTMLElement;
  readonly height: number;
  readonly palette: Palette;
  /** Charts of the same name move their crosshairs in step. */
  readonly group: string;
  readonly shown: () => Shown;
  readonly onPointed: (place: Place | null) => void;
  /** Zoomed by dragging. */
  readonly onRange: (range: TimeRange) => void;
  readonly onReset: () => void;
}

/** The axis that the first of what is shown is on. */
export function mainAxis({ lines, candles }: ChartContent): 'left' | 'right' {
  return candles ? 'right' : (lines[0]?.axis ?? 'right');
}

/** Makes the plot: of its content only which lines there are is fixed, all else is asked for. */
export function createPlot(options: PlotOptions, data: AlignedData): UPlot {
  const { element, height, palette, group, shown } = options;
  const family = getComputedStyle(element).fontFamily;
  const plotOptions: Options = {
    width: Math.max(1, element.clientWidth),
    height,
    ms: 1,
    tzDate: (at) => (shown().zone === 'utc' ? UPlot.tzDate(new Date(at), 'UTC') : new Date(at)),
    legend: { show: false },
    padding: [8, null, null, shown().lines.some(({ axis }) => axis === 'left') ? null : 8],
    scales: {
      x: { time: true, range: () => [shown().range.from, shown().range.to] },
      left: { range: (_, least, most) => airy(shown(), 'left', least, most) },
      right: { range: (_, least, most) => airy(shown(), 'right', least, most) },
    },
    axes: axesOf(options, family),
    series: seriesOf(shown(), palette),
    bands: fillsOf(() => shown().lines, shown().candles ? CANDLE_COLUMNS + 1 : 1, palette),
    cursor: {
      sync: {
        key: group,
        scales: ['x', null],
        setSeries: false,
        // What is dragged on one of them says nothing to the others.
        filters: { pub: (type) => type === 'mousemove', sub: () => true },
      },
      drag: { x: true, y: false, setScale: false, dist: 4 },
      points: { size: (_, index) => (isCandle(shown(), index) ? 0 : 7) },
      bind: {
        dblclick: () => () => {
          options.onReset();
          return null;
        },
      },
    },
    hooks: {
      drawClear: [(plot) => drawBands(penOf(plot, palette, family), shown().bands ?? [])],
      draw: [
        (plot) => {
          const pen = penOf(plot, palette, family);
          const { candles, marks = [], levels = [] } = shown();
          if (candles) drawCandles(pen, candles);
          drawLevels(pen, levels, mainAxis(shown()));
          drawMarks(pen, marks);
          drawTags(pen, tagsOf(shown()));
        },
      ],
      setCursor: [
        (plot) => {
          const { idx = null, left = 0 } = plot.cursor;
          options.onPointed(idx === null ? null : { index: idx, at: plot.posToVal(left, 'x') });
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (width < 4) return;
          options.onRange({
            from: plot.posToVal(left, 'x'),
            to: plot.posToVal(left + width, 'x'),
          });
        },
      ],
    },
  };
  return new UPlot(plotOptions, data, element);
}

function isCandle({ candles }: ChartContent, index: number): boolean {
  return candles !== undefined && index <= CANDLE_COLUMNS;
}

function seriesOf(content: ChartContent, palette: Palette): Series[] {
  const candles = content.candles
    ? Array.from({ length: CANDLE_COLUMNS }, () => ({
        scale: 'right',
        paths: () => null,
        points: { show: false },
      }))
    : [];
  const lines = content.lines.map((line, index): Series => {
    const { name, colour, axis = 'right' } = line;
    const stroke = (): string => palette.get(colourOf(colour, index));
    return {
      label: name,
      scale: axis,
      stroke,
      width: 1.5,
      dash: [...dashOf(index)],
      ...(line.fill && index === 0 && { fill: () => fillOf(line, index, palette) }),
      points: {
        size: 4,
        fill: stroke,
        show: (plot, _, from, to) => (to - from) * DOTS_PX * UPlot.pxRatio < plot.bbox.width,
        filter: (plot, at, isShown) => (isShown ? null : isolated(plot.data[at] ?? [])),
      },
    };
  });
  return [{}, ...candles, ...lines];
}

function axesOf({ palette, shown }: PlotOptions, family: string): Axis[] {
  const quiet = (): string => palette.get('--quiet');
  const line = { stroke: (): string => palette.get('--line'), width: 1 };
  const common = {
    stroke: quiet,
    font: `${FONT_PX}px ${family}`,
    grid: line,
    ticks: { show: false },
  };
  const values = (side: 'left' | 'right'): Axis => ({
    ...common,
    scale: side,
    side: side === 'left' ? 3 : 1,
    gap: 4,
    grid: { ...line, show: side === mainAxis(shown()) },
    size: (_, texts) =>
      Math.max(
        VALUE_AXIS_PX,
        12 + DIGIT_PX * Math.max(0, ...(texts ?? []).map(({ length }) => length)),
      ),
    values: (plot, ticks) => {
      const { candles, lines } = shown();
      const own = lines.find(({ axis = 'right' }) => axis === side);
      const format = (side === 'right' ? candles?.format : undefined) ?? own?.format;
      const texts = ticks.map((tick) => (hasValues(plot, side) ? (format?.(tick) ?? '') : ''));
      // Closer than what is written can tell apart, the same number would stand at several places.
      return texts.map((text, at) => (text === texts[at - 1] ? '' : text));
    },
  });
  const isUsed = (side: 'left' | 'right'): boolean => {
    const { lines, candles } = shown();
    return (
      (side === 'right' && (candles !== undefined || lines.length === 0)) ||
      lines.some(({ axis = 'right' }) => axis === side)
    );
  };
  return [
    {
      ...common,
      size: shown().hasTimes ? DAY_AXIS_PX : 4,
      space: 70,
      values: (plot, ticks, _axis, _space, step) =>
        shown().hasTimes ? uncut(plot, ticks, tickLabels(ticks, step, shown().zone)) : [],
    },
    ...(['left', 'right'] as const).filter(isUsed).map(values),
  ];
}

/** Labels without those that the edge of the chart would cut. */
function uncut(plot: UPlot, ticks: readonly number[], labels: readonly string[]): string[] {
  const left = plot.bbox.left / UPlot.pxRatio;
  const places = ticks.map((tick) => left + plot.valToPos(tick, 'x'));
  return withoutCut(labels, places, plot.width, ({ length }) => length * DIGIT_PX);
}

/** Whether a plot has values in sight on an axis. */
function hasValues({ series }: UPlot, side: 'left' | 'right'): boolean {
  return series.some(({ scale, min = null }) => scale === side && Number.isFinite(min ?? NaN));
}

/** The range of an axis: all values and levels, and some air. */
function airy(
  { levels = [], ...content }: ChartContent,
  side: 'left' | 'right',
  least: number | null,
  most: number | null,
): [number, number] {
  const own = side === mainAxis(content) ? levels.map(({ value }) => value) : [];
  // Areas stand on 0.
  const ground = content.lines.some(({ fill }) => fill) ? [0] : [];
  const known = [least, most, ...own, ...ground].filter((value) => value !== null);
  // Without values there is an axis all the same, so that charts above each other keep their places.
  if (known.length === 0) return [0, 1];
  const [from, to] = [Math.min(...known), Math.max(...known)];
  const air = to > from ? (to - from) * AIR : Math.abs(to) * AIR_WHERE_FLAT || AIR;
  return [from - air, to + air];
}

/** The last values that are in sight, for their axes. */
function tagsOf({ lines, candles, range }: Shown): Tag[] {
  const lastOf = (times: readonly number[], values: readonly (number | null)[]): number =>
    times.findLastIndex((time, index) => time <= range.to && values[index] !== null);
  const tags: Tag[] = [];
  if (candles) {
    const value = candles.close[lastOf(candles.times, candles.close)] ?? null;
    if (value !== null)
      tags.push({ axis: 'right', value, text: candles.format(value), colour: '--accent' });
  }
  lines.forEach((line, index) => {
    const { times, values, axis = 'right', colour, format } = line;
    const at = lastOf(times, values);
    const [value = null, told] = [values[at], toldAt(line, at)];
    if (value === null || told === null) return;
    tags.push({ axis, value, text: format(told), colour: colourOf(colour, index) });
  });
  return tags;
}
