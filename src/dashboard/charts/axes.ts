import UPlot, { type Axis } from 'uplot';
import type { Palette } from './colours.js';
import { FONT_PX } from './draw.js';
import { tickLabels, withoutCut } from './time-axis.js';
import type { ChartContent, Shown } from './types.js';

const DAY_AXIS_PX = 32;
/** An axis of values is so wide at least, so that the charts of a view lie above each other. */
const VALUE_AXIS_PX = 76;
const DIGIT_PX = 7;
/** What is left above and below the values, as a share of their range. */
const AIR = 0.06;
/** The same where all are equal, as a share of their size. */
const AIR_WHERE_FLAT = 0.01;

/** The axis that the first of what is shown is on. */
export function mainAxis({ lines, candles }: ChartContent): 'left' | 'right' {
  return candles ? 'right' : (lines[0]?.axis ?? 'right');
}

/** The axes of a plot: that of time below it, and those of values beside it that are used. */
export function axesOf(shown: () => Shown, palette: Palette, family: string): Axis[] {
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
export function airy(
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
