import { memo } from 'react';
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

/** What of an axis is in the page: from the first on, up to the end. */
interface Shown {
  readonly first: number;
  readonly end: number;
}

function indexesOf({ first, end }: Shown): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}

interface RowNamesProps extends Shown {
  readonly names: readonly string[];
  readonly rowHeight: number;
  readonly sorting: Sorting;
  /** The row whose header has the focus; null for none. */
  readonly focused: number | null;
  readonly onSort: OnSort;
}

/** What is seen of the row headers: one thing that stays at the side, rather than one a row. */
export const RowNames = memo(function RowNames(props: RowNamesProps) {
  const { names, rowHeight, sorting, focused, onSort } = props;
  return (
    <div className="row-names" aria-hidden="true">
      {indexesOf(props).map((index) => {
        const classes = [
          sortOf(sorting, sorting.columnsBy, names[index]),
          index === focused && 'focused',
        ];
        return (
          <span
            key={index}
            className={classes.filter(Boolean).join(' ')}
            title="Sort the columns by this row"
            style={{ top: HEADER_HEIGHT + rowHeight * index }}
            onClick={() => onSort('columns', names[index] as string)}
          >
            {names[index]}
          </span>
        );
      })}
    </div>
  );
});

interface ColumnNamesProps extends Shown {
  readonly names: readonly string[];
  readonly isTransposed: boolean;
  readonly sizes: Sizes;
  readonly sorting: Sorting;
  /** The column whose header has the focus; null for none. */
  readonly focused: number | null;
}

export const ColumnNames = memo(function ColumnNames(props: ColumnNamesProps) {
  const { names, isTransposed, sizes, sorting, focused } = props;
  const { lefts, headerWidth } = sizes;
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        <th role="columnheader" className="corner" aria-colindex={1}>
          {isTransposed ? 'quote \\ base' : 'base \\ quote'}
        </th>
        {indexesOf(props).map((index) => {
          const name = names[index] as string;
          const sort = sortOf(sorting, sorting.rowsBy, name);
          return (
            <th
              key={index}
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={sort}
              data-at={`-1:${index}`}
              tabIndex={index === focused ? 0 : -1}
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
});
