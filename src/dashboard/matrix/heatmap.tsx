import { memo, useRef, useState, type CSSProperties, type PointerEvent } from 'react';
import { CutOff } from './cut-off.js';
import './heatmap.css';
import './marks.css';
import { positionIn, type Position } from './grid-moves.js';
import { pairAt, type Grid, type Pair } from './grid.js';
import { ColumnNames, RowNames, sortOf, type OnSort, type Sorting } from './headers.js';
import { Row, SHADE_STEPS, type CellLook, type PairName } from './heatmap-row.js';
import type { Pointed } from './pointed.js';
import { ScrollOffset } from './scroll-offset.js';
import { useShades } from './shades.js';
import { HEADER_HEIGHT } from './sizes.js';
import { useActive, useReturn } from './use-active.js';
import { useRoom } from './use-room.js';
import { useSizes } from './use-sizes.js';
import { useWindow } from './use-window.js';

interface HeatmapProps extends Omit<CellLook, 'shades'> {
  readonly label: string;
  readonly sorting: Sorting;
  readonly pointed: Pointed;
  /** The pair whose cell gets the focus at once, where one comes back to it. */
  readonly returnsTo: PairName | null;
  readonly onChoose: (pair: Pair) => void;
  readonly onOpen: (pair: Pair) => void;
  readonly onClear: () => void;
  readonly onSort: OnSort;
  /** What is copied of a cell. */
  readonly copyOf: (pair: Pair) => string;
}

/**
 * A matrix as a table whose cells are coloured. However large it is, only the cells in the window
 * are in the page, each in its place: none that comes or goes moves another. Arrow keys go from cell
 * to cell and to the headers, which sort; Enter chooses a pair, and opens the one that is chosen.
 */
export const Heatmap = memo(function Heatmap(props: HeatmapProps) {
  const { label, sorting, pointed, returnsTo, onChoose, onOpen, onClear, onSort, copyOf, ...rest } =
    props;
  const look = { ...rest, shades: useShades(SHADE_STEPS) };
  const { grid, chosen } = look;
  const scroller = useRef<HTMLDivElement>(null);
  const room = useRoom(scroller);
  const sizes = useSizes(look, room);
  const [scrolled] = useState(() => new ScrollOffset());
  const axes = useWindow(grid, sizes, scroller, scrolled);
  const sortBy = ({ row, column }: Position): void => {
    if (row < 0) onSort('rows', grid.quotes[column] as string);
    else onSort('columns', grid.bases[row] as string);
  };
  const doing = { grid, chosen, pointed, onChoose, onOpen, onClear, sortBy };
  const { at, go, take, onKeyDown } = useActive(doing, scroller, axes);
  useReturn(returnsTo, grid, go);
  const rows = axes.rows.getVirtualItems();
  const columns = axes.columns.getVirtualItems();
  const [firstColumn, endColumn] = [columns[0]?.index ?? 0, (columns.at(-1)?.index ?? -1) + 1];
  const [rowHeight, headerWidth] = [`${sizes.rowHeight}px`, `${sizes.headerWidth}px`];

  return (
    <div className="heatmap-frame">
      <div
        ref={scroller}
        className="heatmap"
        style={{ '--row-height': rowHeight, '--header-width': headerWidth } as CSSProperties}
        onPointerLeave={() => pointed.set(null)}
      >
        <RowNames
          names={grid.bases}
          first={rows[0]?.index ?? 0}
          end={(rows.at(-1)?.index ?? -1) + 1}
          rowHeight={sizes.rowHeight}
          sorting={sorting}
          focused={at.column === -1 ? at.row : null}
          onSort={onSort}
        />
        <table
          role="grid"
          aria-label={label}
          aria-rowcount={grid.bases.length + 1}
          aria-colcount={grid.quotes.length + 1}
          style={{
            width: sizes.headerWidth + (sizes.lefts.at(-1) ?? 0),
            height: HEADER_HEIGHT + axes.rows.getTotalSize(),
          }}
          onKeyDown={onKeyDown}
          onPointerOver={(event) => point(pointed, grid, event.target, event)}
          onFocus={({ target }) => {
            take(target);
            point(pointed, grid, target);
          }}
          onBlur={() => pointed.set(null)}
          onClick={({ target }) => {
            const place = positionIn(target);
            if (!place) return;
            if (place.row < 0 || place.column < 0) sortBy(place);
            else onChoose(pairAt(grid, place.row, place.column));
          }}
          onDoubleClick={({ target }) => {
            const pair = pairIn(grid, target);
            if (pair) onOpen(pair);
          }}
          onCopy={(event) => {
            const pair = pairIn(grid, event.target);
            if (!pair || window.getSelection()?.isCollapsed === false) return;
            event.preventDefault();
            event.clipboardData.setData('text/plain', copyOf(pair));
          }}
        >
          <ColumnNames
            names={grid.quotes}
            isTransposed={grid.transposed}
            sizes={sizes}
            first={firstColumn}
            end={endColumn}
            sorting={sorting}
            focused={at.row === -1 ? at.column : null}
          />
          <tbody role="rowgroup">
            {rows.map(({ index: row }) => (
              <Row
                key={row}
                {...look}
                row={row}
                sizes={sizes}
                firstColumn={firstColumn}
                endColumn={endColumn}
                activeColumn={row === at.row ? at.column : null}
                sort={sortOf(sorting, sorting.columnsBy, grid.bases[row])}
              />
            ))}
          </tbody>
        </table>
      </div>
      <CutOff
        scroller={scroller}
        scrolled={scrolled}
        room={room}
        sizes={sizes}
        rowCount={grid.bases.length}
      />
    </div>
  );
});

/** The pair of the cell that an event happened in; null outside of all. */
function pairIn(grid: Grid, target: EventTarget): Pair | null {
  const place = positionIn(target);
  return place && place.row >= 0 && place.column >= 0
    ? pairAt(grid, place.row, place.column)
    : null;
}

function point(pointed: Pointed, grid: Grid, target: EventTarget, pointer?: PointerEvent): void {
  const pair = pairIn(grid, target);
  if (!pair) return pointed.set(null);
  const { left, bottom } = (target as Element).getBoundingClientRect();
  const { base, quote } = pair;
  pointed.set({ base, quote, x: pointer?.clientX ?? left, y: pointer?.clientY ?? bottom });
}
