import type { MatrixKind } from '../domain/matrix.js';
import type { TradePrice } from '../domain/rates/trade-price.js';
import type { AssetFigure, Line } from '../domain/series/line.js';
import { SeriesFault } from '../history/series-fault.js';
import { badUserInput, limitExceeded } from './errors.js';
import { readTradeOf, type PriceArguments } from './trade-arguments.js';
import type { CellInput } from './types/series-input.js';
import { readStep } from './window-arguments.js';

/** How many lines one answer has at most. */
export const MOST_LINES = 100;

/** @throws a BAD_USER_INPUT error for no cells, too many, one twice, or prices that do not go with the matrix */
export function cellLines(
  cells: readonly CellInput[],
  matrix: MatrixKind,
  prices: PriceArguments,
): (Line & { readonly kind: 'CELL' })[] {
  checkCells(cells);
  const priced = pricedAt(readTradeOf(matrix, prices));
  return cells.map(({ base, quote }) => ({ kind: 'CELL', matrix, base, quote, ...priced }));
}

/** @throws a BAD_USER_INPUT error for no cells, too many, or one twice */
export function checkCells(cells: readonly CellInput[]): void {
  counted(
    cells.map(({ base, quote }) => `${base}/${quote}`),
    'cells',
  );
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

/** What is asked of a figure of assets. */
interface FigureArguments {
  readonly in: string | null | undefined;
  readonly over: string | null | undefined;
  readonly step: string | null | undefined;
}

/**
 * The line of each asset.
 * @throws a BAD_USER_INPUT error for an argument that does not go with the figure, or that it lacks
 */
export function assetLine(
  figure: AssetFigure,
  { in: numeraire = null, over = null, step = null }: FigureArguments,
): (asset: string) => Line {
  if (figure === 'VOLATILITY') {
    if (over === null) throw badUserInput('over', 'expected with VOLATILITY');
    if (step === null) throw badUserInput('step', 'expected with VOLATILITY');
    const window = readStep({ over, step });
    return (asset) => ({ kind: 'ASSET', figure, asset, in: numeraire, ...window });
  }
  if (over !== null) throw badUserInput('over', `expected with VOLATILITY, not ${figure}`);
  if (step !== null) throw badUserInput('step', `expected with VOLATILITY, not ${figure}`);
  if (figure !== 'PRICE' && numeraire !== null) {
    throw badUserInput('in', `expected with PRICE or VOLATILITY, not ${figure}`);
  }
  return (asset) => ({ kind: 'ASSET', figure, asset, in: numeraire });
}

/** Tells a caller what is wrong with what was asked for. */
export function throwForCaller(error: unknown): never {
  if (!(error instanceof SeriesFault)) throw error;
  const { argument, words, limit } = error;
  if (limit === null) throw badUserInput(argument, words);
  throw limitExceeded(limit.name, limit.allowed, limit.found, { argument }, words);
}
