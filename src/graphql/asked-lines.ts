import type { MatrixKind } from '../domain/matrix.js';
import type { TradePrice } from '../domain/rates/trade-price.js';
import type { Line } from '../domain/series/line.js';
import { SeriesFault } from '../history/series-fault.js';
import { badUserInput, limitExceeded } from './errors.js';
import { readTradeOf, type PriceArguments } from './trade-arguments.js';
import type { CellInput } from './types/series-input.js';

/** How many lines one answer has at most. */
export const MOST_LINES = 100;

/** @throws a BAD_USER_INPUT error for no cells, too many, one twice, or prices that do not go with the matrix */
export function cellLines(
  cells: readonly CellInput[],
  matrix: MatrixKind,
  prices: PriceArguments,
): (Line & { readonly kind: 'CELL' })[] {
  const named = cells.map(({ base, quote }) => `${base}/${quote}`);
  counted(named, 'cells');
  const priced = pricedAt(readTradeOf(matrix, prices));
  return cells.map(({ base, quote }) => ({ kind: 'CELL', matrix, base, quote, ...priced }));
}

/** The part of a line that says at which price it is. */
export function pricedAt(trade: TradePrice | null): { readonly trade?: TradePrice } {
  return trade ? { trade } : {};
}

/** @throws a BAD_USER_INPUT error for a list that is empty, too long, or has something twice */
export function counted<T extends string>(asked: readonly T[], argument: string): readonly T[] {
  if (asked.length < 1 || asked.length > MOST_LINES) {
    throw badUserInput(argument, `expected 1 to ${MOST_LINES}, not ${asked.length}`);
  }
  if (new Set(asked).size !== asked.length) throw badUserInput(argument, 'expected each once');
  return asked;
}

/** Tells a caller what is wrong with what was asked for. */
export function throwForCaller(error: unknown): never {
  if (!(error instanceof SeriesFault)) throw error;
  const { argument, words, limit } = error;
  if (limit === null) throw badUserInput(argument, words);
  throw limitExceeded(limit.name, limit.allowed, limit.found, { argument }, words);
}
