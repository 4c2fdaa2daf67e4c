import type { VirtualItem } from '@tanstack/react-virtual';
import type { Position } from './grid-moves.js';
import type { Grid } from './grid.js';
import { HEADER_HEIGHT, type Sizes } from './sizes.js';

/** By what rows and columns are sorted; null: in the order of the assets. */
export interface Sorting {
  readonly rowsBy: string | null;
  readonly columnsBy: string | null;
  readonly rising: boolean;
}

/** Has rows or columns sorted by the column, or the row, of a name. */
export type OnSort = (axis: 'rows' | 'columns', name: string) => void;

/** As aria-sort has it. */
export function sortOf({ rising }: Sorting, by: string | null, name: string | undefined) {
  if (by === null || by !== name) return undefined;
  return rising ? 'ascending' : 'descending';
}

interface RowNamesProps {
  readonly names: readonly string[];
  readonly shown: readonly VirtualItem[];
  readonly sorting: Sorting;
  /** The row whose header has the focus; null for none. */
  readonly focused: number | null;
  readonly onSort: OnSort;
}

/** What is seen of the row headers: one thing that stays at the side, rather than one a row. */
export function RowNames({ names, shown, sorting, focused, onSort }: RowNamesProps) {
  return (
    <div className="row-names" aria-hidden="true">
      {shown.map(({ index, start }) => {
        const classes = [
          sortOf(sorting, sorting.columnsBy, names[index]),
          index === focused && 'focused',
        ];
        return (
          <span
            key={index}
            className={classes.filter(Boolean).join(' ')}
            title="Sort the columns by this row"
            style={{ top: HEADER_HEIGHT + start }}
            onClick={() => onSort('columns', names[index] as string)}
          >
            {names[index]}
          </span>
        );
      })}
    </div>
  );
}

interface ColumnNamesProps {
  readonly grid: Grid;
  readonly sizes: Sizes;
  readonly shown: readonly VirtualItem[];
  readonly sorting: Sorting;
  /** Where the focus is, or would be. */
  readonly at: Position;
}

export function ColumnNames({ grid, sizes, shown, sorting, at }: ColumnNamesProps) {
  const { lefts, headerWidth } = sizes;
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        <th role="columnheader" className="corner" aria-colindex={1}>
          {grid.transposed ? 'quote \\ base' : 'base \\ quote'}
        </th>
        {shown.map(({ index }) => {
          const name = grid.quotes[index] as string;
          const sort = sortOf(sorting, sorting.rowsBy, name);
          return (
            <th
              key={index}
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={sort}
              data-at={`-1:${index}`}
              tabIndex={at.row === -1 && at.column === index ? 0 : -1}
              title="Sort the rows by this column"
              className={sort}
              style={{
                left: headerWidth + (lefts[index] ?? 0),
                width: (lefts[index + 1] ?? 0) - (lefts[index] ?? 0),
              }}
            >
              {name}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
