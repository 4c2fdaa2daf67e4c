import UPlot, { type AlignedData, type Options, type Series } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { CANDLE_COLUMNS, isolated } from './aligned.js';
import { airy, axesOf, mainAxis } from './axes.js';
import { colourOf, dashOf, type Palette } from './colours.js';
import {
  drawBands,
  drawCandles,
  drawLevels,
  drawMarks,
  drawTags,
  penOf,
  type Tag,
} from './draw.js';
import type { Place } from './pointed.js';
import { fillOf, fillsOf, toldAt } from './fills.js';
import type { ChartContent, Shown, TimeRange } from './types.js';

/** Points further apart than that are drawn as dots. */
const DOTS_PX = 14;

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
    axes: axesOf(shown, palette, family),
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
