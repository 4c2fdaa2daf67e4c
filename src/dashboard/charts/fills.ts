import type { Band } from 'uplot';
import { colourOf, type Palette } from './colours.js';
import type { ChartLine } from './types.js';

/** Of a line's colour: lines, levels and words can be read upon it. */
const FILL_PERCENT = 28;

/** The colour that a line is filled with. */
export function fillOf({ colour }: ChartLine, index: number, palette: Palette): string {
  return `color-mix(in srgb, ${palette.get(colourOf(colour, index))} ${FILL_PERCENT}%, transparent)`;
}

/**
 * The areas between each line that is filled and the one before it.
 * @param first the place of the first line among the columns
 */
export function fillsOf(
  lines: () => readonly ChartLine[],
  first: number,
  palette: Palette,
): Band[] {
  return lines().flatMap((line, index): Band[] => {
    if (!line.fill || index === 0) return [];
    return [
      {
        series: [first + index, first + index - 1],
        fill: () => fillOf(lines()[index] ?? line, index, palette),
      },
    ];
  });
}

/** What a line tells at one of its points. */
export function toldAt({ values, told }: ChartLine, at: number): number | null {
  return (told ?? values)[at] ?? null;
}
