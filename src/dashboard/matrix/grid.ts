/** Rows of numbers with names; null: there is no value. */
export type Table = readonly (readonly (number | null)[])[];

/** A matrix as it is looked at: some of its rows and columns, in some order, perhaps turned over. */
export interface Grid {
  readonly bases: readonly string[];
  readonly quotes: readonly string[];
  readonly values: Table;
  /** Milliseconds; null where there is no path. */
  readonly ages: Table;
  /** Listed pairs behind the rate: 0 on the diagonal, 2 or more for a cross rate. */
  readonly legs: Table;
  /** Whether rows are quotes and columns bases. */
  readonly transposed: boolean;
}

/** One cell of a grid, with the pair that it stands for. */
export interface Pair {
  readonly base: string;
  readonly quote: string;
  readonly value: number | null;
  readonly ageMs: number | null;
  readonly legs: number | null;
}

export function gridOf({ bases, quotes, values, ages, legs }: Omit<Grid, 'transposed'>): Grid {
  return { bases, quotes, values, ages, legs, transposed: false };
}

/** Rows become columns. The pairs stay what they are: a cell moves, its value does not change. */
export function transpose(grid: Grid): Grid {
  const turned = (table: Table): Table =>
    grid.quotes.map((_, column) => table.map((row) => row[column] ?? null));
  return {
    bases: grid.quotes,
    quotes: grid.bases,
    values: turned(grid.values),
    ages: turned(grid.ages),
    legs: turned(grid.legs),
    transposed: !grid.transposed,
  };
}

/**
 * Some assets, in an order, as rows and as columns; those that the grid does not have are left out.
 * @param across those of the columns, where they are not the same
 */
export function arrange(
  grid: Grid,
  assets: readonly string[],
  across: readonly string[] = assets,
): Grid {
  if (isSame(assets, grid.bases) && isSame(across, grid.quotes)) return grid;
  const positions = (wanted: readonly string[], names: readonly string[]): number[] => {
    const places = new Map(names.map((name, place) => [name, place]));
    return wanted.flatMap((asset) => places.get(asset) ?? []);
  };
  const rows = positions(assets, grid.bases);
  const columns = positions(across, grid.quotes);
  const picked = (table: Table): Table =>
    rows.map((row) => columns.map((column) => table[row]?.[column] ?? null));
  return {
    ...grid,
    bases: rows.map((row) => grid.bases[row] as string),
    quotes: columns.map((column) => grid.quotes[column] as string),
    values: picked(grid.values),
    ages: picked(grid.ages),
    legs: picked(grid.legs),
  };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, place) => name === others[place]);
}

/** Each value minus the same pair's in another grid; null where either has none. */
export function compare(grid: Grid, other: Grid): Grid {
  const aligned = other.transposed === grid.transposed ? other : transpose(other);
  const rows = new Map(aligned.bases.map((name, place) => [name, place]));
  const columns = new Map(aligned.quotes.map((name, place) => [name, place]));
  const values = grid.bases.map((base, row) =>
    grid.quotes.map((quote, column) => {
      const value = grid.values[row]?.[column] ?? null;
      const before = aligned.values[rows.get(base) ?? -1]?.[columns.get(quote) ?? -1] ?? null;
      return value === null || before === null ? null : value - before;
    }),
  );
  return { ...grid, values };
}

/** In the order of two keys; what has none comes last, whether others fall or rise. */
function byKey<Key extends string | number>(a: Key | null, b: Key | null, sign: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -sign : a > b ? sign : 0;
}

/** Names from the one with the largest value on, or from the least; those without a value come last. */
export function byValue(
  names: readonly string[],
  valueOf: (place: number) => number | null,
  isRising: boolean,
): readonly string[] {
  const sign = isRising ? 1 : -1;
  return names
    .map((name, place) => ({ name, value: valueOf(place) }))
    .toSorted((one, two) => byKey(one.value, two.value, sign))
    .map(({ name }) => name);
}

/** The pair that stands in a row and a column. */
export function pairAt(grid: Grid, row: number, column: number): Pair {
  const names = [grid.bases[row] as string, grid.quotes[column] as string] as const;
  const [base, quote] = grid.transposed ? [names[1], names[0]] : names;
  return {
    base,
    quote,
    value: grid.values[row]?.[column] ?? null,
    ageMs: grid.ages[row]?.[column] ?? null,
    legs: grid.legs[row]?.[column] ?? null,
  };
}

/** A pair wherever it stands; null where the grid does not have it. */
export function pairNamed(grid: Grid, base: string, quote: string): Pair | null {
  const [rowName, columnName] = grid.transposed ? [quote, base] : [base, quote];
  const row = grid.bases.indexOf(rowName);
  const column = grid.quotes.indexOf(columnName);
  return row === -1 || column === -1 ? null : pairAt(grid, row, column);
}

/** All pairs of two different assets, row by row. */
export function pairsOf(grid: Grid): Pair[] {
  return grid.bases.flatMap((_, row) =>
    grid.quotes.flatMap((_name, column) => {
      const pair = pairAt(grid, row, column);
      return pair.base === pair.quote ? [] : [pair];
    }),
  );
}

export const PAIR_COLUMNS = ['base', 'quote', 'value', 'size', 'ageMs', 'legs'] as const;
export type PairColumn = (typeof PAIR_COLUMNS)[number];

/** Pairs in the order of one of their columns; those without a value come last, either way. */
export function sortPairs(
  pairs: readonly Pair[],
  column: PairColumn,
  descending: boolean,
): readonly Pair[] {
  const keyOf = (pair: Pair): string | number | null =>
    column === 'size' ? (pair.value === null ? null : Math.abs(pair.value)) : pair[column];
  const sign = descending ? -1 : 1;
  return pairs.toSorted((one, two) => byKey(keyOf(one), keyOf(two), sign));
}

/** The words that something is searched for by, in upper case. */
function wordsOf(text: string): readonly string[] {
  return text
    .toUpperCase()
    .split(/[\s,]+/)
    .filter(Boolean);
}

/** Pairs whose name, written BASE/QUOTE, holds all words of a text. */
export function searchPairs(pairs: readonly Pair[], text: string): readonly Pair[] {
  const words = wordsOf(text);
  if (words.length === 0) return pairs;
  return pairs.filter(({ base, quote }) => {
    const name = `${base}/${quote}`.toUpperCase();
    return words.every((word) => name.includes(word));
  });
}

/** Assets whose names begin with one of the words of a text; all where there is none. */
export function filterAssets(assets: readonly string[], text: string): readonly string[] {
  const words = wordsOf(text);
  if (words.length === 0) return assets;
  return assets.filter((asset) => words.some((word) => asset.toUpperCase().startsWith(word)));
}

/** Whether a value is large enough to be shown in full. A value that is missing is not. */
export function meets(value: number | null, threshold: number | null): boolean {
  return threshold === null || (value !== null && Math.abs(value) >= threshold);
}
