import { useVirtualizer, type Range } from '@tanstack/react-virtual';
import { memo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { meets, pairAt, type Grid, type Pair } from './grid.js';
import { formatValue, type Shading } from './kinds.js';

/** The sizes of a cell and of the row headers, pixels; page.css draws them so. */
const CELL_WIDTH = 88;
const CELL_HEIGHT = 30;
const HEADER_WIDTH = 76;
/** Rows and columns are put into the page, and taken out, so many at a time. */
const BLOCK = 4;
/** Rows and columns outside the window that are in the page all the same, at least. */
const MARGIN = 2;

export interface HeatmapProps {
  readonly grid: Grid;
  readonly kind: MatrixKind;
  readonly shading: Shading;
  readonly label: string;
  readonly staleAfterMs: number;
  readonly threshold: number | null;
  /** The pair whose opposite is marked; null for none. */
  readonly marked: { readonly base: string; readonly quote: string } | null;
  /** Called with the pair under the pointer or the focus, null where there is none. */
  readonly onPoint: (pair: Pair | null) => void;
  readonly onOpen: (pair: Pair) => void;
}

/**
 * A matrix as a table whose cells are coloured. However large it is, only the cells in the window
 * are in the page, each in its place: none that comes or goes moves another. Arrow keys go from cell to cell, Enter opens a pair.
 */
export const Heatmap = memo(function Heatmap(props: HeatmapProps) {
  const { grid, label, onPoint, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const rows = useVirtualizer({
    count: grid.bases.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_HEIGHT,
    rangeExtractor: wholeBlocks,
    scrollPaddingStart: CELL_HEIGHT,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: grid.quotes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_WIDTH,
    rangeExtractor: wholeBlocks,
    scrollPaddingStart: HEADER_WIDTH,
  });
  const shownRows = rows.getVirtualItems();
  const shownColumns = columns.getVirtualItems();
  const activeRow = Math.min(active.row, grid.bases.length - 1);
  const activeColumn = Math.min(active.column, grid.quotes.length - 1);

  const moveTo = (row: number, column: number): void => {
    setActive({ row, column });
    rows.scrollToIndex(row);
    columns.scrollToIndex(column);
    focusCell(scroller.current, row, column);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = moveOf(event.key, active, grid, event.ctrlKey);
    if (target) {
      event.preventDefault();
      moveTo(target.row, target.column);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(pairAt(grid, active.row, active.column));
    }
  };
  /** The position of the cell that an event happened in. */
  const positionIn = (target: EventTarget): { row: number; column: number } | null => {
    const at = (target as Element).closest<HTMLElement>('td[data-at]')?.dataset['at']?.split(':');
    return at ? { row: Number(at[0]), column: Number(at[1]) } : null;
  };
  const point = (target: EventTarget): void => {
    const at = positionIn(target);
    onPoint(at && pairAt(grid, at.row, at.column));
  };

  return (
    <div ref={scroller} className="heatmap" onPointerLeave={() => onPoint(null)}>
      {/* What is seen of the row headers: one thing that stays at the side, rather than one a row. */}
      <div className="row-names" aria-hidden="true">
        {shownRows.map(({ index, start }) => (
          <span key={index} style={{ top: CELL_HEIGHT + start }}>
            {grid.bases[index]}
          </span>
        ))}
      </div>
      <table
        role="grid"
        aria-label={label}
        aria-rowcount={grid.bases.length + 1}
        aria-colcount={grid.quotes.length + 1}
        style={{
          width: HEADER_WIDTH + columns.getTotalSize(),
          height: CELL_HEIGHT + rows.getTotalSize(),
        }}
        onKeyDown={onKeyDown}
        onPointerOver={(event) => point(event.target)}
        onFocus={(event) => {
          const at = positionIn(event.target);
          if (at && (at.row !== active.row || at.column !== active.column)) setActive(at);
          point(event.target);
        }}
        onBlur={() => onPoint(null)}
        onClick={(event) => {
          const at = positionIn(event.target);
          if (at) onOpen(pairAt(grid, at.row, at.column));
        }}
      >
        <thead role="rowgroup">
          <tr role="row" aria-rowindex={1}>
            <th role="columnheader" className="corner" aria-colindex={1}>
              {grid.transposed ? 'quote \\ base' : 'base \\ quote'}
            </th>
            {shownColumns.map(({ index, start }) => (
              <th
                key={index}
                role="columnheader"
                aria-colindex={index + 2}
                style={{ left: HEADER_WIDTH + start }}
              >
                {grid.quotes[index]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shownRows.map(({ index: row }) => (
            <Row
              key={row}
              grid={grid}
              kind={props.kind}
              shading={props.shading}
              staleAfterMs={props.staleAfterMs}
              threshold={props.threshold}
              marked={props.marked}
              row={row}
              firstColumn={shownColumns[0]?.index ?? 0}
              endColumn={(shownColumns.at(-1)?.index ?? -1) + 1}
              activeColumn={row === activeRow ? activeColumn : null}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
});

/** What a cell is drawn by, beside its place. */
type CellLook = Pick<
  HeatmapProps,
  'grid' | 'kind' | 'shading' | 'staleAfterMs' | 'threshold' | 'marked'
>;

interface RowProps extends CellLook {
  readonly row: number;
  readonly firstColumn: number;
  readonly endColumn: number;
  /** The column that has the focus, or would get it; null where that is in another row. */
  readonly activeColumn: number | null;
}

/** Drawn anew only when something about it changes: most of scrolling changes no row. */
const Row = memo(function Row({ row, firstColumn, endColumn, activeColumn, ...look }: RowProps) {
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

/** The blocks that the window and its margin are in, whole. */
function wholeBlocks({ startIndex, endIndex, count }: Range): number[] {
  const first = Math.floor(Math.max(0, startIndex - MARGIN) / BLOCK) * BLOCK;
  const end = Math.min(count, Math.ceil((endIndex + 1 + MARGIN) / BLOCK) * BLOCK);
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}

/** Where a key leads to; null for keys that do not move. */
function moveOf(
  key: string,
  { row, column }: { readonly row: number; readonly column: number },
  { bases, quotes }: Grid,
  isWide: boolean,
): { readonly row: number; readonly column: number } | null {
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
function focusCell(within: HTMLElement | null, row: number, column: number, tries = 5): void {
  requestAnimationFrame(() => {
    const cell = within?.querySelector<HTMLElement>(`[data-at="${row}:${column}"]`);
    if (cell) cell.focus({ preventScroll: true });
    else if (tries > 1) focusCell(within, row, column, tries - 1);
  });
}
