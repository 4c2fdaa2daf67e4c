import { plainDecimal } from '../../domain/decimal.js';
import { EXPECTED_NUMBER, EXPECTED_TIME, fieldFault, readTime } from './fields.js';

/** The columns that are read, as Binance's dumps order them; three more follow that are not. */
export const CANDLE_COLUMNS = [
  'open time',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'close time',
  'quote volume',
  'trades',
] as const;
export type CandleColumn = (typeof CANDLE_COLUMNS)[number];

const COLUMNS_OF_A_ROW = 12;
const DAY_MS = 86_400_000;
/** No candle is older: milliseconds since 1970. Seconds would seem to be of 1970. */
const EARLIEST = Date.UTC(2000, 0);

/** The values of a candle, one for each of {@link CANDLE_COLUMNS}; times are milliseconds since 1970. */
export type Candle = readonly number[];

/** The cells of a row; quotes around one are no part of it. */
export function cellsOf(row: string): string[] {
  return row.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/** A row that names its columns has no number in it. */
export function isHeader(cells: readonly string[]): boolean {
  return cells.every((cell) => plainDecimal(cell) === null);
}

/** Reads a row of a dump; some recordings number their rows in a column before. Else what is wrong. */
export function parseCandle(cells: readonly string[]): Candle | string {
  const before = cells.length - COLUMNS_OF_A_ROW;
  if (before !== 0 && before !== 1) {
    return `expected ${COLUMNS_OF_A_ROW} columns, separated by commas, found ${cells.length}`;
  }
  const values: number[] = [];
  for (const [index, column] of CANDLE_COLUMNS.entries()) {
    const cell = cells[before + index];
    const isTime = column === 'open time' || column === 'close time';
    const value = isTime ? readTime(cell) : Number(plainDecimal(cell) ?? NaN);
    if (value === null || Number.isNaN(value) || (isTime && value < EARLIEST)) {
      return fieldFault(column, isTime ? EXPECTED_TIME : EXPECTED_NUMBER, cell);
    }
    values.push(value);
  }
  const length = (values[6] as number) - (values[0] as number);
  if (length < 0) return fieldFault('close time', 'a time not before open time', cells[before + 6]);
  if (length >= DAY_MS) {
    return fieldFault('close time', 'a candle of a day or less', cells[before + 6]);
  }
  return values;
}
