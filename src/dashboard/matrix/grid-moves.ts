import type { Grid } from './grid.js';

/** A cell's place in a grid. */
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
  const down = (rows: number) => ({ column, row: Math.max(0, Math.min(lastRow, row + rows)) });
  switch (key) {
    case 'ArrowUp':
      return down(-1);
    case 'ArrowDown':
      return down(1);
    case 'PageUp':
      return down(-10);
    case 'PageDown':
      return down(10);
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
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

/** The place of the cell that an event happened in; null outside of all cells. */
export function positionIn(target: EventTarget): Position | null {
  const at = (target as Element).closest<HTMLElement>('td[data-at]')?.dataset['at']?.split(':');
  return at ? { row: Number(at[0]), column: Number(at[1]) } : null;
}
