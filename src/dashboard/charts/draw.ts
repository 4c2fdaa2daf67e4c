import UPlot from 'uplot';
import type { Palette } from './colours.js';
import type { ChartBand, ChartCandles, ChartLevel, ChartMark } from './types.js';

/** Of a band's colour. */
const BAND_ALPHA = 0.16;
const HATCH_PX = 7;
/** How much of a bucket a candle is wide. */
const BODY = 0.7;
export const FONT_PX = 11;
const TAG_PX = 16;
/** What labels keep from lines and edges. */
const PAD_PX = 4;

/** What is drawn with, in pixels of the canvas, which are finer than those of the page. */
interface Pen {
  readonly plot: UPlot;
  readonly context: CanvasRenderingContext2D;
  readonly scale: number;
  /** Where the plotting area lies. */
  readonly box: UPlot.BBox;
  readonly palette: Palette;
  readonly font: string;
}

export function penOf(plot: UPlot, palette: Palette, family: string): Pen {
  const scale = UPlot.pxRatio;
  const font = `${FONT_PX * scale}px ${family}`;
  return { plot, context: plot.ctx, scale, box: plot.bbox, palette, font };
}

/** Draws within the plotting area, and leaves the canvas as it was. */
function within({ context, box, font }: Pen, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.font = font;
  context.textBaseline = 'middle';
  draw();
  context.restore();
}

/** Stretches of time, with their names where these fit. */
export function drawBands(pen: Pen, bands: readonly ChartBand[]): void {
  const { plot, context, scale, box, palette } = pen;
  within(pen, () => {
    for (const { name, from, to, colour, isGap } of bands) {
      const left = Math.max(box.left, plot.valToPos(from, 'x', true));
      const right = Math.min(box.left + box.width, plot.valToPos(to, 'x', true));
      const width = Math.max(right - left, scale);
      if (right < box.left || left > box.left + box.width) continue;
      context.fillStyle = context.strokeStyle = palette.get(colour);
      context.globalAlpha = BAND_ALPHA;
      context.fillRect(left, box.top, width, box.height);
      context.globalAlpha = 1;
      if (isGap) hatch(pen, left, width);
      else context.fillRect(left, box.top, width, 2 * scale);
      context.fillStyle = palette.get('--quiet');
      if (context.measureText(name).width + 2 * PAD_PX * scale > width) continue;
      context.fillText(name, left + PAD_PX * scale, box.top + (TAG_PX / 2 + 2) * scale);
    }
  });
}

/** Nothing is known of it: told by more than a colour. */
function hatch({ context, scale, box }: Pen, left: number, width: number): void {
  context.save();
  context.beginPath();
  context.rect(left, box.top, width, box.height);
  context.clip();
  context.lineWidth = scale;
  context.beginPath();
  for (let at = left - box.height; at < left + width; at += HATCH_PX * scale) {
    context.moveTo(at, box.top + box.height);
    context.lineTo(at + box.height, box.top);
  }
  context.stroke();
  context.restore();
}

/** Those that rose are hollow, those that fell are full: told by more than a colour. */
export function drawCandles(pen: Pen, candles: ChartCandles): void {
  const { plot, context, scale, box, palette } = pen;
  const { times, open, high, low, close, every } = candles;
  const { min = 0, max = 1 } = plot.scales['x'] ?? {};
  const perMs = box.width / ((max ?? 1) - (min ?? 0));
  const width = Math.max(scale, Math.floor(every * perMs * BODY));
  const y = (value: number): number => Math.round(plot.valToPos(value, 'right', true));
  const colours = { rise: palette.get('--chart-rise'), fall: palette.get('--chart-fall') };
  const back = palette.get('--back');
  within(pen, () => {
    context.lineWidth = Math.max(1, Math.round(scale));
    for (const [index, time] of times.entries()) {
      const [first, last] = [open[index] ?? null, close[index] ?? null];
      const [top, bottom] = [high[index] ?? null, low[index] ?? null];
      if (first === null || last === null || top === null || bottom === null) continue;
      const x = Math.round(plot.valToPos(time, 'x', true));
      if (x < box.left - width || x > box.left + box.width + width) continue;
      const isRise = last >= first;
      context.strokeStyle = context.fillStyle = isRise ? colours.rise : colours.fall;
      context.beginPath();
      context.moveTo(x, y(top));
      context.lineTo(x, y(bottom));
      context.stroke();
      const upper = y(Math.max(first, last));
      const height = Math.max(scale, y(Math.min(first, last)) - upper);
      if (isRise) context.fillStyle = back;
      if (width > 2 * scale) {
        context.fillRect(x - width / 2, upper, width, height);
        context.strokeRect(x - width / 2, upper, width, height);
      }
    }
  });
}

/** Moments, each with its label beside the top of its line. */
export function drawMarks(pen: Pen, marks: readonly ChartMark[]): void {
  const { plot, context, scale, box, palette } = pen;
  within(pen, () => {
    context.strokeStyle = context.fillStyle = palette.get('--quiet');
    context.lineWidth = scale;
    context.setLineDash([3 * scale, 3 * scale]);
    let taken = box.left;
    for (const { at, label } of marks) {
      const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
      if (x < box.left || x > box.left + box.width) continue;
      stroke(context, [x, box.top], [x, box.top + box.height]);
      const width = context.measureText(label).width;
      const isLeft = x + width + PAD_PX * scale > box.left + box.width;
      const left = isLeft ? x - width - PAD_PX * scale : x + PAD_PX * scale;
      if (left < taken) continue;
      taken = left + width;
      context.fillText(label, left, box.top + box.height - (TAG_PX / 2) * scale);
    }
  });
}

/** Values, each with its label above the right end of its line, or below where there is no room. */
export function drawLevels(pen: Pen, levels: readonly ChartLevel[], axis: 'left' | 'right'): void {
  const { plot, context, scale, box, palette } = pen;
  within(pen, () => {
    context.strokeStyle = context.fillStyle = palette.get('--text');
    context.lineWidth = scale;
    context.textAlign = 'right';
    context.setLineDash([6 * scale, 3 * scale]);
    for (const { value, label } of levels) {
      const y = Math.round(plot.valToPos(value, axis, true)) + 0.5;
      const right = box.left + box.width;
      stroke(context, [box.left, y], [right, y]);
      const side = y - TAG_PX * scale < box.top ? 1 : -1;
      context.fillText(label, right - PAD_PX * scale, y + side * (TAG_PX / 2) * scale);
    }
  });
}

type Place = readonly [x: number, y: number];

function stroke(context: CanvasRenderingContext2D, from: Place, to: Place): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** A value that is written on its axis. */
export interface Tag {
  readonly axis: 'left' | 'right';
  readonly value: number;
  readonly text: string;
  readonly colour: string;
}

/** The last values on their axes, moved apart where they would lie upon each other. */
export function drawTags(pen: Pen, tags: readonly Tag[]): void {
  const { plot, context, scale, box, palette, font } = pen;
  const height = TAG_PX * scale;
  context.save();
  context.font = font;
  context.textBaseline = 'middle';
  for (const axis of ['left', 'right'] as const) {
    const placed = tags
      .filter((tag) => tag.axis === axis)
      .map((tag) => ({ tag, y: plot.valToPos(tag.value, axis, true) }))
      .filter(({ y }) => y >= box.top && y <= box.top + box.height)
      .sort((a, b) => a.y - b.y);
    let least = box.top;
    for (const { tag, y } of placed) {
      const centre = Math.max(y, least);
      least = centre + height;
      const width = context.measureText(tag.text).width + 2 * PAD_PX * scale;
      const left = axis === 'right' ? box.left + box.width + scale : box.left - width - scale;
      context.fillStyle = palette.get(tag.colour);
      context.fillRect(left, centre - height / 2, width, height);
      context.fillStyle = palette.get('--back');
      context.fillText(tag.text, left + PAD_PX * scale, centre);
    }
  }
  context.restore();
}
