import type { VirtualItem } from '@tanstack/react-virtual';
import { memo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { focusCell, moveOf, positionIn, type Position } from './grid-moves.js';
import { pairAt, type Grid, type Pair } from './grid.js';
import { CELL_HEIGHT, HEADER_WIDTH, Row, type CellLook } from './heatmap-row.js';
import { useWindow } from './use-window.js';

interface HeatmapProps extends CellLook {
  readonly label: string;
  /** Called with the pair under the pointer or the focus, null where there is none. */
  readonly onPoint: (pair: Pair | null) => void;
  readonly onOpen: (pair: Pair) => void;
}

/**
 * A matrix as a table whose cells are coloured. However large it is, only the cells in the window
 * are in the page, each in its place: none that comes or goes moves another. Arrow keys go from cell
 * to cell, Enter opens a pair.
 */
export const Heatmap = memo(function Heatmap({ label, onPoint, onOpen, ...look }: HeatmapProps) {
  const { grid } = look;
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, columns } = useWindow(grid, scroller);
  const [active, setActive] = useState<Position>({ row: 0, column: 0 });
  const shownRows = rows.getVirtualItems();
  const shownColumns = columns.getVirtualItems();

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = moveOf(event.key, active, grid, event.ctrlKey);
    if (target) {
      event.preventDefault();
      setActive(target);
      rows.scrollToIndex(target.row);
      columns.scrollToIndex(target.column);
      focusCell(scroller.current, target);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(pairAt(grid, active.row, active.column));
    }
  };
  const pairIn = (target: EventTarget): Pair | null => {
    const at = positionIn(target);
    return at && pairAt(grid, at.row, at.column);
  };
  const onFocus = (event: FocusEvent): void => {
    const at = positionIn(event.target);
    if (at && (at.row !== active.row || at.column !== active.column)) setActive(at);
    onPoint(pairIn(event.target));
  };

  return (
    <div ref={scroller} className="heatmap" onPointerLeave={() => onPoint(null)}>
      <RowNames names={grid.bases} shown={shownRows} />
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
        onPointerOver={(event) => onPoint(pairIn(event.target))}
        onFocus={onFocus}
        onBlur={() => onPoint(null)}
        onClick={(event) => {
          const pair = pairIn(event.target);
          if (pair) onOpen(pair);
        }}
      >
        <ColumnNames grid={grid} shown={shownColumns} />
        <Rows look={look} rows={shownRows} columns={shownColumns} active={active} />
      </table>
    </div>
  );
});

interface RowNamesProps {
  readonly names: readonly string[];
  readonly shown: readonly VirtualItem[];
}

/** What is seen of the row headers: one thing that stays at the side, rather than one a row. */
function RowNames({ names, shown }: RowNamesProps) {
  return (
    <div className="row-names" aria-hidden="true">
      {shown.map(({ index, start }) => (
        <span key={index} style={{ top: CELL_HEIGHT + start }}>
          {names[index]}
        </span>
      ))}
    </div>
  );
}

interface ColumnNamesProps {
  readonly grid: Grid;
  readonly shown: readonly VirtualItem[];
}

function ColumnNames({ grid, shown }: ColumnNamesProps) {
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        <th role="columnheader" className="corner" aria-colindex={1}>
          {grid.transposed ? 'quote \\ base' : 'base \\ quote'}
        </th>
        {shown.map(({ index, start }) => (
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
  );
}

interface RowsProps {
  readonly look: CellLook;
  readonly rows: readonly VirtualItem[];
  readonly columns: readonly VirtualItem[];
  /** The cell that has the focus, or would get it; the grid may have become smaller since. */
  readonly active: Position;
}

function Rows({ look, rows, columns, active }: RowsProps) {
  const activeRow = Math.min(active.row, look.grid.bases.length - 1);
  const activeColumn = Math.min(active.column, look.grid.quotes.length - 1);
  return (
    <tbody role="rowgroup">
      {rows.map(({ index: row }) => (
        <Row
          key={row}
          {...look}
          row={row}
          firstColumn={columns[0]?.index ?? 0}
          endColumn={(columns.at(-1)?.index ?? -1) + 1}
          activeColumn={row === activeRow ? activeColumn : null}
        />
      ))}
    </tbody>
  );
}
