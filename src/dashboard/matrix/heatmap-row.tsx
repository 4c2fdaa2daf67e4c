import { memo } from 'react';
import { writeValue, type CellDigits } from './digits.js';
import { meets, pairAt, type Grid } from './grid.js';
import { Cell } from './heatmap-cell.js';
import { isOfTurn, type ShownKind } from './kinds.js';
import type { Shading } from './shading.js';
import { BLOCK, HEADER_HEIGHT, type Sizes } from './sizes.js';

/** A pair by its names. */
export interface PairName {
  readonly base: string;
  readonly quote: string;
}

/** What a cell is drawn by, beside its place. */
export interface CellLook {
  readonly grid: Grid;
  readonly kind: ShownKind;
  /** What all numbers are of, in words that change with it: see CellProps.of. */
  readonly of: string;
  readonly digits: CellDigits;
  readonly shading: Shading;
  /** The colours, from the strongest below zero to the strongest above: 2 * SHADE_STEPS + 1. */
  readonly shades: readonly string[];
  readonly staleAfterMs: number;
  readonly threshold: number | null;
  /** The pair whose opposite is marked; null for none. */
  readonly marked: PairName | null;
  readonly chosen: PairName | null;
}

interface RowProps extends CellLook {
  readonly row: number;
  readonly sizes: Sizes;
  readonly firstColumn: number;
  readonly endColumn: number;
  /** The column that has the focus, or would get it: -1 is the header; null where that is in another row. */
  readonly activeColumn: number | null;
  /** Whether the columns are sorted by this row, and how. */
  readonly sort: 'ascending' | 'descending' | undefined;
}

/** Drawn anew only when something about it changes: most of scrolling changes no row. */
export const Row = memo(function Row({
  row,
  sizes,
  firstColumn,
  endColumn,
  activeColumn,
  sort,
  ...look
}: RowProps) {
  const blocks = Array.from(
    { length: Math.ceil((endColumn - firstColumn) / BLOCK) },
    (_, index) => firstColumn + BLOCK * index,
  );
  const { rowHeight } = sizes;
  return (
    <tr role="row" aria-rowindex={row + 2} style={{ top: HEADER_HEIGHT + rowHeight * row }}>
      <th
        role="rowheader"
        aria-colindex={1}
        aria-sort={sort}
        data-at={`${row}:-1`}
        tabIndex={activeColumn === -1 ? 0 : -1}
      >
        {look.grid.bases[row]}
      </th>
      {blocks.map((start) => {
        const end = Math.min(endColumn, start + BLOCK);
        const isActiveHere = activeColumn !== null && activeColumn >= start && activeColumn < end;
        return (
          <Block
            key={start}
            {...look}
            row={row}
            sizes={sizes}
            firstColumn={start}
            endColumn={end}
            activeColumn={isActiveHere ? activeColumn : null}
          />
        );
      })}
    </tr>
  );
});

/** Cells side by side that come into the page together: those that are there stay as they are. */
const Block = memo(function Block(props: Omit<RowProps, 'sort'>) {
  const { row, sizes, firstColumn, endColumn, activeColumn, ...look } = props;
  const { lefts, headerWidth } = sizes;
  return Array.from({ length: endColumn - firstColumn }, (_, index) => {
    const column = firstColumn + index;
    return (
      <Cell
        key={column}
        row={row}
        column={column}
        {...drawn(look, row, column)}
        left={headerWidth + (lefts[column] ?? 0)}
        width={(lefts[column + 1] ?? 0) - (lefts[column] ?? 0) - GAP}
        isActive={column === activeColumn}
      />
    );
  });
});

/** Colours come in so many steps to each side: a cell whose number stays is not drawn anew for less. */
export const SHADE_STEPS = 20;
/** Between cells, pixels. */
const GAP = 1;

/** How a cell looks. */
function drawn(look: CellLook, row: number, column: number) {
  const { grid, kind, digits, shading, shades, staleAfterMs, threshold, marked, chosen } = look;
  const { base, quote, value, ageMs, legs } = pairAt(grid, row, column);
  const isSelf = base === quote;
  // Of a window, what an asset has to do with itself is a number like the others.
  const isDot = isSelf && isOfTurn(kind);
  const isFaded = !isSelf && !meets(value, threshold);
  const shade = isSelf || isFaded ? 0 : shading.of(value, row, column);
  const isStale = ageMs !== null && ageMs > staleAfterMs;
  const isCross = legs !== null && legs > 1;
  const decimals = digits.at(row, column);
  const classes = [
    isSelf ? 'self' : value === null && 'none',
    isStale && 'stale',
    isCross && 'cross',
    isFaded && 'faded',
    marked?.base === quote && marked.quote === base && !isSelf && 'mirror',
    chosen?.base === base && chosen.quote === quote && 'chosen',
  ];
  const words = [
    isDot ? 'the same asset' : value === null && 'no value',
    isStale && ', stale',
    isCross && ', cross rate',
  ];
  return {
    of: `${look.of} ${base}/${quote}`,
    text: isDot ? '·' : value === null ? null : writeValue(kind, value, decimals),
    words: words.filter(Boolean).join(''),
    className: classes.filter(Boolean).join(' '),
    background: shade === 0 ? undefined : shades[SHADE_STEPS + Math.round(SHADE_STEPS * shade)],
    pad: isDot || value === null ? 0 : missing(digits.most(column), decimals),
  };
}

/** The point that a number without decimals does not have is half as wide as a digit. */
function missing(most: number, decimals: number): number {
  return most - decimals + (most > 0 && decimals === 0 ? 0.5 : 0);
}
