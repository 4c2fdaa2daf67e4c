import { pairAt, type Grid, type Pair } from './matrix/grid.js';

/** A grid as a table for a spreadsheet, with every digit; an empty field where there is no value. */
export function gridToCsv(grid: Grid): string {
  const corner = grid.transposed ? 'quote \\ base' : 'base \\ quote';
  const rows = grid.bases.map((name, row) => [
    name,
    ...grid.quotes.map((_, column) => pairAt(grid, row, column).value ?? ''),
  ]);
  return toCsv([[corner, ...grid.quotes], ...rows]);
}

/** Pairs as lines of a table. */
export function pairsToCsv(pairs: readonly Pair[]): string {
  const rows = pairs.map(({ base, quote, value, ageMs, legs }) => [
    base,
    quote,
    value ?? '',
    ageMs ?? '',
    legs ?? '',
  ]);
  return toCsv([['base', 'quote', 'value', 'age_ms', 'legs'], ...rows]);
}

/** RFC 4180: lines end with CRLF, and what holds a comma, a quote or a line break is quoted. */
function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  const field = (value: string | number): string => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(field).join()}\r\n`).join('');
}
