import { memo, type CSSProperties } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { meets, pairAt, type Grid } from './grid.js';
import { formatValue, type Shading } from './kinds.js';

/** The sizes of a cell and of the row headers, pixels; page.css draws them so. */
export const CELL_WIDTH = 88;
export const CELL_HEIGHT = 30;
export const HEADER_WIDTH = 76;

/** What a cell is drawn by, beside its place. */
export interface CellLook {
  readonly grid: Grid;
  readonly kind: MatrixKind;
  readonly shading: Shading;
  readonly staleAfterMs: number;
  readonly threshold: number | null;
  /** The pair whose opposite is marked; null for none. */
  readonly marked: { readonly base: string; readonly quote: string } | null;
}

interface RowProps extends CellLook {
  readonly row: number;
  readonly firstColumn: number;
  readonly endColumn: number;
  /** The column that has the focus, or would get it; null where that is in another row. */
  readonly activeColumn: number | null;
}

/** Drawn anew only when something about it changes: most of scrolling changes no row. */
export const Row = memo(function Row({
  row,
  firstColumn,
  endColumn,
  activeColumn,
  ...look
}: RowProps) {
  const columns = Array.from(
    { length: endColumn - firstColumn },
    (_, index) => firstColumn + index,
  );
  return (
    <tr role="row" aria-rowindex={row + 2} style={{ top: CELL_HEIGHT * (row + 1) }}>
      <th role="rowheader" aria-colindex={1}>
        {look.grid.bases[row]}
      </th>
      {columns.map((column) => (
        <Cell key={column} {...look} row={row} column={column} isActive={column === activeColumn} />
      ))}
    </tr>
  );
});

interface CellProps extends CellLook {
  readonly row: number;
  readonly column: number;
  readonly isActive: boolean;
}

const Cell = memo(function Cell({
  grid,
  kind,
  shading,
  staleAfterMs,
  threshold,
  marked,
  row,
  column,
  isActive,
}: CellProps) {
  const { base, quote, value, ageMs, legs } = pairAt(grid, row, column);
  const shade = shading.of(value);
  const isStale = ageMs !== null && ageMs > staleAfterMs;
  const isCross = legs !== null && legs > 1;
  const classes = [
    base === quote ? 'self' : value === null ? 'none' : shade < 0 ? 'negative' : 'positive',
    isStale && 'stale',
    isCross && 'cross',
    !meets(value, threshold) && 'faded',
    marked?.base === quote && marked.quote === base && base !== quote && 'mirror',
  ];
  return (
    <td
      role="gridcell"
      data-at={`${row}:${column}`}
      aria-colindex={column + 2}
      tabIndex={isActive ? 0 : -1}
      className={classes.filter(Boolean).join(' ')}
      style={
        {
          left: HEADER_WIDTH + CELL_WIDTH * column,
          '--shade': `${Math.round(100 * Math.abs(shade))}%`,
        } as CSSProperties
      }
    >
      {value === null ? (
        <>
          <span aria-hidden="true">–</span>
          <span className="hidden">no value</span>
        </>
      ) : (
        formatValue(kind, value)
      )}
      {isStale && <span className="hidden">, stale</span>}
      {isCross && <span className="hidden">, cross rate</span>}
    </td>
  );
});
