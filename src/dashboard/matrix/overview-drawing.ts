import { meets, type Grid } from './grid.js';
import type { Position } from './grid-moves.js';
import { pixelsOf, shadesOf, themeColour, type Pixel } from './shades.js';
import type { Shading } from './shading.js';
import type { Room } from './sizes.js';

/** Colours are mixed in so many steps to each side of zero. */
const STEPS = 24;
/** How solid a cell below the threshold is. */
const FADED = 0.15;
/** A cell is no larger than that, and the names beside it need so much; pixels. */
const LARGEST = 40;
const NAMES = 56;
const NAME_HEIGHT = 12;

/** Where the cells of an overview stand, pixels of the page. */
export interface OverviewPlace {
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Where the first cell begins, on both sides. */
  readonly margin: number;
  readonly width: number;
  readonly height: number;
}

/** As large as fits into the room: whole pixels of the screen, so that all cells are alike. */
export function placeIn({ bases, quotes }: Grid, room: Room, scale: number): OverviewPlace {
  const side = (length: number, count: number): number => {
    const fitting = Math.floor(((length - NAMES) * scale) / Math.max(1, count));
    return Math.max(1, Math.min(LARGEST * scale, fitting)) / scale;
  };
  const cellWidth = side(room.width, quotes.length);
  const cellHeight = side(room.height, bases.length);
  return {
    cellWidth,
    cellHeight,
    margin: NAMES,
    width: NAMES + cellWidth * quotes.length,
    height: NAMES + cellHeight * bases.length,
  };
}

/** The place of the cell at a point of the overview; null outside of all. */
export function cellAt(
  { bases, quotes }: Grid,
  { cellWidth, cellHeight, margin }: OverviewPlace,
  x: number,
  y: number,
): Position | null {
  const [row, column] = [
    Math.floor((y - margin) / cellHeight),
    Math.floor((x - margin) / cellWidth),
  ];
  const isInside = row >= 0 && row < bases.length && column >= 0 && column < quotes.length;
  return isInside ? { row, column } : null;
}

/** What an overview is drawn by. */
export interface OverviewLook {
  readonly grid: Grid;
  readonly shading: Shading;
  readonly threshold: number | null;
}

/** Draws all cells: one pixel each at first, which is then drawn as large as they are. */
export function drawCells(
  canvas: HTMLCanvasElement,
  { grid, shading, threshold }: OverviewLook,
  place: OverviewPlace,
): void {
  const context = sized(canvas, place);
  if (!context) return;
  const { bases, quotes, values } = grid;
  const small = new OffscreenCanvas(Math.max(1, quotes.length), Math.max(1, bases.length));
  const pixels = new ImageData(small.width, small.height);
  const { self, none, shades } = colours();
  bases.forEach((base, row) => {
    quotes.forEach((quote, column) => {
      const value = values[row]?.[column] ?? null;
      const isSelf = base === quote;
      const shade = isSelf ? 0 : Math.round(shading.of(value, row, column) * STEPS);
      const colour = isSelf ? self : value === null ? none : (shades[shade + STEPS] as Pixel);
      const at = 4 * (row * small.width + column);
      pixels.data.set(colour, at);
      if (!isSelf && !meets(value, threshold)) pixels.data[at + 3] = 255 * FADED;
    });
  });
  small.getContext('2d')?.putImageData(pixels, 0, 0);
  const { margin, cellWidth, cellHeight } = place;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, margin, margin, cellWidth * quotes.length, cellHeight * bases.length);
}

/** Draws the names along both edges, every nth, and lines from them to the cell that is pointed at. */
export function drawNames(
  canvas: HTMLCanvasElement,
  { bases, quotes }: Grid,
  place: OverviewPlace,
  pointed: Position | null,
): void {
  const context = sized(canvas, place);
  if (!context) return;
  const { cellWidth, cellHeight, margin } = place;
  const style = getComputedStyle(canvas);
  const [quiet, text] = ['--quiet', '--text'].map((name) => style.getPropertyValue(name).trim());
  const write = (name: string, isPointed: boolean): void => {
    context.font = `${isPointed ? '600 ' : ''}11px ${style.fontFamily}`;
    context.fillStyle = (isPointed ? text : quiet) as string;
    context.fillText(name, 0, 0, margin - 8);
  };
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { name, index, isPointed } of namesAlong(bases, cellHeight, pointed?.row)) {
    context.save();
    context.translate(margin - 6, margin + (index + 0.5) * cellHeight);
    write(name, isPointed);
    context.restore();
  }
  context.textAlign = 'left';
  for (const { name, index, isPointed } of namesAlong(quotes, cellWidth, pointed?.column)) {
    context.save();
    context.translate(margin + (index + 0.5) * cellWidth, margin - 6);
    context.rotate(-Math.PI / 2);
    write(name, isPointed);
    context.restore();
  }
  if (!pointed) return;
  context.strokeStyle = text as string;
  const [left, top] = [margin + pointed.column * cellWidth, margin + pointed.row * cellHeight];
  context.strokeRect(left - 0.5, margin, cellWidth + 1, top + cellHeight - margin);
  context.strokeRect(margin, top - 0.5, left + cellWidth - margin, cellHeight + 1);
}

/** Every nth name, so that each can be read; the pointed one always, for which its neighbours make room. */
function namesAlong(names: readonly string[], size: number, pointed: number | undefined) {
  const nth = Math.max(1, Math.ceil(NAME_HEIGHT / size));
  return names.flatMap((name, index) => {
    const isPointed = index === pointed;
    const isNear = pointed !== undefined && Math.abs(index - pointed) * size < NAME_HEIGHT;
    const isShown = isPointed || (index % nth === 0 && !isNear);
    return isShown ? [{ name, index, isPointed }] : [];
  });
}

/** The colours of the theme as pixels, from the strongest below zero to the strongest above. */
function colours() {
  const [self, none] = pixelsOf(['--self', '--missing'].map(themeColour)) as [Pixel, Pixel];
  return { self, none, shades: shadesOf(STEPS) };
}

/** Makes a canvas as large as its place, and clears it. */
function sized(
  canvas: HTMLCanvasElement,
  { width, height }: OverviewPlace,
): CanvasRenderingContext2D | null {
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  context?.scale(scale, scale);
  return context;
}
