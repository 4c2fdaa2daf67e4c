import type { Grid } from './grid.js';

/** A cell's place in a grid; -1 is the header of a row or of a column. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads to, with Ctrl if it is wide; null for keys that do not move. */
export function moveOf(
  key: string,
  { row, column }: Position,
  { bases, quotes }: Pick<Grid, 'bases' | 'quotes'>,
  isWide: boolean,
): Position | null {
  const [lastRow, lastColumn] = [bases.length - 1, quotes.length - 1];
  // There is nothing to do in the corner.
  const up = (rows: number) => ({ column, row: Math.max(column < 0 ? 0 : -1, row - rows) });
  const down = (rows: number) => ({ column, row: Math.min(lastRow, row + rows) });
  switch (key) {
    case 'ArrowUp':
      return up(1);
    case 'ArrowDown':
      return down(1);
    case 'PageUp':
      return { column, row: Math.max(0, row - 10) };
    case 'PageDown':
      return down(10);
    case 'ArrowLeft':
      return { row, column: Math.max(row < 0 ? 0 : -1, column - 1) };
    case 'ArrowRight':
      return { row, column: Math.min(lastColumn, column + 1) };
    case 'Home':
      return { row: isWide ? 0 : row, column: 0 };
    case 'End':
      return { row: isWide ? lastRow : row, column: lastColumn };
    default:
      return null;
  }
}

/** Focuses a cell, as soon as scrolling has brought it into the page. */
export function focusCell(within: HTMLElement | null, { row, column }: Position, tries = 5): void {
  requestAnimationFrame(() => {
    const cell = within?.querySelector<HTMLElement>(`[data-at="${row}:${column}"]`);
    if (cell) cell.focus({ preventScroll: true });
    else if (tries > 1) focusCell(within, { row, column }, tries - 1);
  });
}

/** The place of the cell or header that an event happened in; null outside of all. */
export function positionIn(target: EventTarget): Position | null {
  const at = (target as Element).closest<HTMLElement>('[data-at]')?.dataset['at']?.split(':');
  return at ? { row: Number(at[0]), column: Number(at[1]) } : null;
}
