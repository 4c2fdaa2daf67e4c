import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { memo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { meets, pairAt, type Grid, type Pair } from './grid.js';
import { formatValue, type Shading } from './kinds.js';

/** The sizes of a cell and of the row headers, pixels; page.css draws them so. */
const CELL_WIDTH = 88;
const CELL_HEIGHT = 30;
const HEADER_WIDTH = 76;
/** Cells outside the window that are drawn all the same, so that scrolling meets them. */
const OVERSCAN = 3;

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
 * are in the page. Arrow keys go from cell to cell, Enter opens a pair.
 */
export const Heatmap = memo(function Heatmap(props: HeatmapProps) {
  const { grid, label, onPoint, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const rows = useVirtualizer({
    count: grid.bases.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_HEIGHT,
    overscan: OVERSCAN,
    scrollPaddingStart: CELL_HEIGHT,
  });
  const columns = useVirtualizer({
    horizontal: true,
    count: grid.quotes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_WIDTH,
    overscan: OVERSCAN,
    scrollPaddingStart: HEADER_WIDTH,
  });
  const shownRows = rows.getVirtualItems();
  const shownColumns = columns.getVirtualItems();
  const above = shownRows[0]?.start ?? 0;
  const below = rows.getTotalSize() - (shownRows.at(-1)?.end ?? 0);
  const [left, right] = margins(shownColumns, columns);

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
      <table
        role="grid"
        aria-label={label}
        aria-rowcount={grid.bases.length + 1}
        aria-colcount={grid.quotes.length + 1}
        style={{ width: HEADER_WIDTH + columns.getTotalSize() }}
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
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="corner" aria-colindex={1} style={{ width: HEADER_WIDTH }}>
              {grid.transposed ? 'quote \\ base' : 'base \\ quote'}
            </th>
            <Filler width={left} />
            {shownColumns.map(({ index }) => (
              <th key={index} scope="col" aria-colindex={index + 2} style={{ width: CELL_WIDTH }}>
                {grid.quotes[index]}
              </th>
            ))}
            <Filler width={right} />
          </tr>
        </thead>
        <tbody>
          <FillerRow height={above} />
          {shownRows.map(({ index: row }) => (
            <tr key={row} aria-rowindex={row + 2}>
              <th scope="row" aria-colindex={1}>
                {grid.bases[row]}
              </th>
              <Filler width={left} />
              {shownColumns.map(({ index: column }) => (
                <Cell
                  key={column}
                  {...props}
                  row={row}
                  column={column}
                  isActive={
                    row === Math.min(active.row, grid.bases.length - 1) &&
                    column === Math.min(active.column, grid.quotes.length - 1)
                  }
                />
              ))}
              <Filler width={right} />
            </tr>
          ))}
          <FillerRow height={below} />
        </tbody>
      </table>
    </div>
  );
});

type CellProps = Pick<
  HeatmapProps,
  'grid' | 'kind' | 'shading' | 'staleAfterMs' | 'threshold' | 'marked'
> & { readonly row: number; readonly column: number; readonly isActive: boolean };

function Cell({
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
      data-at={`${row}:${column}`}
      aria-colindex={column + 2}
      tabIndex={isActive ? 0 : -1}
      className={classes.filter(Boolean).join(' ')}
      style={{ '--shade': `${Math.round(100 * Math.abs(shade))}%` } as CSSProperties}
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
}

/** Stands for the columns that are not in the window. */
function Filler({ width }: { readonly width: number }) {
  return width > 0 ? <td className="filler" aria-hidden="true" style={{ width }} /> : null;
}

/** Stands for the rows that are not in the window. */
function FillerRow({ height }: { readonly height: number }) {
  return height > 0 ? <tr className="filler" aria-hidden="true" style={{ height }} /> : null;
}

function margins(
  items: readonly VirtualItem[],
  columns: Virtualizer<HTMLDivElement, Element>,
): readonly [number, number] {
  return [items[0]?.start ?? 0, columns.getTotalSize() - (items.at(-1)?.end ?? 0)];
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
