import { formatNumber } from '../format/numbers.js';
import type { CellDigits } from './digits.js';
import type { Grid } from './grid.js';
import { COVARIANCE_SCALE, isSigned, type ShownKind } from './kinds.js';

/** Where the columns and rows of a grid stand, pixels. */
export interface Sizes {
  readonly headerWidth: number;
  readonly rowHeight: number;
  /** The left edge of each column, counted from the row headers, and the right one of the last. */
  readonly lefts: readonly number[];
}

/** Rows and columns are put into the page, and taken out, so many at a time. */
export const BLOCK = 2;
/** The height of the column headers, pixels. */
export const HEADER_HEIGHT = 22;
const LEAST_ROW = 20;
const MOST_ROW = 120;
/** Beside what is written in a cell, and in a header. */
const PADDING = 4;
const HEADER_PADDING = 10;
const LEAST_COLUMN = 40;
/** A longer name is cut off. */
const MOST_NAME = 64;
const HEADER = { least: 52, most: 104 };

/** How wide characters are in the cells, pixels. */
export interface Glyphs {
  readonly digit: number;
  /** A point or a comma. */
  readonly point: number;
  /** Of a header, where it is wide. */
  readonly letter: number;
}

/** Those of a font that is a little wide, for where nothing can be measured. */
const WIDE: Glyphs = { digit: 7, point: 3.5, letter: 8.5 };

/** Measures what is written at the size of heatmap.css. */
export function measureGlyphs(): Glyphs {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return WIDE;
  const family = getComputedStyle(document.body).fontFamily;
  context.font = `12px ${family}`;
  const digit = Math.max(...Array.from('0123456789−', (each) => context.measureText(each).width));
  const point = context.measureText('.').width;
  context.font = `600 12px ${family}`;
  return { digit, point, letter: context.measureText('N').width };
}

/** How much room there is, pixels. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

/**
 * As wide and as high as there is room for; where there is too little, no narrower than the numbers.
 * @param needed the width that each column needs at least
 */
export function sizesOf(
  { bases }: Pick<Grid, 'bases'>,
  needed: readonly number[],
  { width, height }: Room,
  { letter }: Pick<Glyphs, 'letter'>,
): Sizes {
  const longest = Math.max(0, ...bases.map((name) => name.length));
  const named = Math.ceil(longest * letter + HEADER_PADDING);
  const headerWidth = Math.max(HEADER.least, Math.min(HEADER.most, named));
  const total = needed.reduce((sum, each) => sum + each, 0);
  const spare = Math.max(0, width - headerWidth - total) / Math.max(1, needed.length);
  const lefts = [0];
  for (const each of needed) lefts.push((lefts.at(-1) ?? 0) + each + spare);
  const rowHeight = Math.floor((height - HEADER_HEIGHT) / Math.max(1, bases.length));
  return {
    headerWidth,
    rowHeight: Math.max(LEAST_ROW, Math.min(MOST_ROW, rowHeight)),
    lefts: lefts.map((left) => Math.floor(left)),
  };
}

/** How wide each column has to be for its name and for the longest of its numbers, pixels. */
export function neededWidths(
  kind: ShownKind,
  grid: Grid,
  digits: CellDigits,
  { digit, point, letter }: Glyphs,
): number[] {
  const scale = kind === 'COVARIANCE' ? COVARIANCE_SCALE : 1;
  const isLikeOthers = kind !== 'ID_BENCHMARK' && kind !== 'ID_DELTA';
  const largest = grid.quotes.map((quote, column) =>
    grid.values.reduce((most, row, index) => {
      const value = grid.bases[index] === quote && isLikeOthers ? null : row[column];
      return Math.max(most, Math.abs(value ?? 0));
    }, 0),
  );
  const ofAll = isLikeOthers ? Math.max(0, ...largest) : null;
  return grid.quotes.map((name, column) => {
    const size = (ofAll ?? largest[column] ?? 0) * scale;
    const text = formatNumber(-size, digits.most(column), { signed: true });
    const points = text.split(/[.,]/).length - 1;
    const signs = isSigned(kind) || size === 0 ? 0 : 1;
    const number = (text.length - points - signs) * digit + points * point;
    const named = Math.min(MOST_NAME, name.length * letter);
    return Math.max(LEAST_COLUMN, Math.ceil(Math.max(number, named) + PADDING));
  });
}
