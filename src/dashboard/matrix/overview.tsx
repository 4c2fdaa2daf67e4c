import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useThemeChanges } from '../parts/theme.js';
import { meets, pairAt, type Grid, type Pair } from './grid.js';
import type { Shading } from './kinds.js';

/** Colours are mixed in so many steps to each side of zero. */
const STEPS = 24;
const SMALLEST_CELL = 3;
const LARGEST_CELL = 40;
/** Names are drawn beside cells of at least this size, in a margin as wide as that; pixels. */
const NAMED_CELL = 9;
const MARGIN = 54;

interface OverviewProps {
  readonly grid: Grid;
  readonly shading: Shading;
  readonly label: string;
  readonly threshold: number | null;
  readonly onPoint: (pair: Pair | null) => void;
  readonly onOpen: (pair: Pair) => void;
}

/** A whole matrix at one glance: colours alone, as large as the window allows. */
export function Overview({ grid, shading, label, threshold, onPoint, onOpen }: OverviewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const theme = useThemeChanges();

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const count = Math.max(1, grid.quotes.length);
  const fitting = Math.floor((width - MARGIN) / count);
  const cell = Math.max(SMALLEST_CELL, Math.min(LARGEST_CELL, fitting));
  const margin = cell >= NAMED_CELL ? MARGIN : 0;

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const scale = window.devicePixelRatio;
    element.width = (margin + cell * grid.quotes.length) * scale;
    element.height = (margin + cell * grid.bases.length) * scale;
    context.scale(scale, scale);
    const colours = coloursOf(element);
    if (margin > 0) writeNames(context, grid, { cell, margin, colour: colours.names });
    context.translate(margin, margin);
    const gap = cell > 6 ? 1 : 0;
    grid.values.forEach((values, row) => {
      values.forEach((value, column) => {
        const isSelf = grid.bases[row] === grid.quotes[column];
        const shade = Math.round(shading.of(value) * STEPS);
        context.globalAlpha = meets(value, threshold) ? 1 : 0.15;
        context.fillStyle = isSelf
          ? colours.self
          : value === null
            ? colours.none
            : (colours.shades[shade + STEPS] as string);
        context.fillRect(column * cell, row * cell, cell - gap, cell - gap);
      });
    });
  }, [grid, shading, threshold, cell, margin, width, theme]);

  const pairUnder = (event: PointerEvent): Pair | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const row = Math.floor((event.clientY - top - margin) / cell);
    const column = Math.floor((event.clientX - left - margin) / cell);
    const isInside = row >= 0 && row < grid.bases.length && column < grid.quotes.length;
    return isInside && column >= 0 ? pairAt(grid, row, column) : null;
  };
  return (
    <div ref={frame} className="overview">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${label}, as colours. The layout "Table" has the same as numbers.`}
        style={{
          width: margin + cell * grid.quotes.length,
          height: margin + cell * grid.bases.length,
        }}
        onPointerMove={(event) => onPoint(pairUnder(event))}
        onPointerLeave={() => onPoint(null)}
        onPointerUp={(event) => {
          const pair = pairUnder(event);
          if (pair) onOpen(pair);
        }}
      />
    </div>
  );
}

/** Writes the names of the rows beside them, and those of the columns above, from bottom to top. */
function writeNames(
  context: CanvasRenderingContext2D,
  { bases, quotes }: Grid,
  {
    cell,
    margin,
    colour,
  }: { readonly cell: number; readonly margin: number; readonly colour: string },
): void {
  context.fillStyle = colour;
  context.font = `${Math.min(12, cell)}px system-ui, 'Open Sans', sans-serif`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const room = margin - 6;
  bases.forEach((name, row) => context.fillText(name, room, margin + (row + 0.5) * cell, room));
  context.textAlign = 'left';
  quotes.forEach((name, column) => {
    context.save();
    context.translate(margin + (column + 0.5) * cell, room);
    context.rotate(-Math.PI / 2);
    context.fillText(name, 0, 0, room);
    context.restore();
  });
}

/** The colours of the theme, from the strongest below zero to the strongest above. */
function coloursOf(element: Element): {
  readonly self: string;
  readonly none: string;
  readonly names: string;
  readonly shades: readonly string[];
} {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const shades: string[] = [];
  for (let step = -STEPS; step <= STEPS; step++) {
    const side = colour(step < 0 ? '--negative' : '--positive');
    const share = (100 * Math.abs(step)) / STEPS;
    shades.push(`color-mix(in oklab, ${side} ${share}%, ${colour('--neutral')})`);
  }
  return { self: colour('--self'), none: colour('--missing'), names: colour('--quiet'), shades };
}
