import type { Asset } from '../asset.js';
import type { MatrixKind } from '../matrix.js';
import type { TradePrice } from '../rates/trade-price.js';
import type { WindowFigure } from '../window/window-figures.js';
import type { WindowKind } from '../window/window-matrix.js';
import { CellLine } from './cell-line.js';
import type { LineEvaluator } from './evaluation.js';
import { ConsistencyLine, StrengthLine } from './frame-line.js';
import { QuantLine, StrategyLine } from './record-line.js';
import type { Span } from './span.js';
import { BalanceLine, WalletLine } from './wallet-line.js';

/** What follows from a turn alone, and what is over a window. */
const TURN_FIGURES = ['STRENGTH', 'QUANT', 'PRICE'] as const;
export const ASSET_FIGURES = [...TURN_FIGURES, 'VOLATILITY'] as const;
export const STRATEGY_FIGURES = ['QUANT', 'SHIFT', 'GRT', 'IMPRINT', 'LUGGAGE'] as const;
export const CONSISTENCY_FIGURES = ['MEDIAN_BPS', 'MAX_BPS'] as const;
type TurnFigure = (typeof TURN_FIGURES)[number];
export type AssetFigure = (typeof ASSET_FIGURES)[number];
export type StrategyFigure = (typeof STRATEGY_FIGURES)[number];
export type ConsistencyFigure = (typeof CONSISTENCY_FIGURES)[number];

/** @property trade the price to trade at; absent: at last prices */
interface Priced {
  readonly trade?: TradePrice;
}

/** A line that follows from each turn, and the one before at most. */
export type TurnLine =
  | ({
      readonly kind: 'CELL';
      readonly matrix: MatrixKind;
      readonly base: Asset;
      readonly quote: Asset;
    } & Priced)
  /** @property in the asset that prices are in; null: the quant base of the newest turn of a range */
  | {
      readonly kind: 'ASSET';
      readonly figure: TurnFigure;
      readonly asset: Asset;
      readonly in: Asset | null;
    }
  | ({ readonly kind: 'WALLET'; readonly in: Asset | null } & Priced)
  | ({ readonly kind: 'BALANCE'; readonly asset: Asset; readonly in: Asset | null } & Priced)
  | { readonly kind: 'STRATEGY'; readonly figure: StrategyFigure }
  | { readonly kind: 'CONSISTENCY'; readonly figure: ConsistencyFigure };

/**
 * A line that follows from the last prices of the whole buckets before each turn.
 * @property in the asset that all are priced in; null: the quant base of the newest turn of a range
 * @property over how long the window is: a whole number of times `step`, the span of its buckets
 */
export type WindowLine = {
  readonly in: Asset | null;
  readonly over: Span;
  readonly step: Span;
} & (
  | {
      readonly kind: 'WINDOW';
      readonly window: WindowKind;
      readonly base: Asset;
      readonly quote: Asset;
      /** How many buckets earlier the returns of the quote are taken. */
      readonly lag: number;
    }
  | { readonly kind: 'ASSET'; readonly figure: 'VOLATILITY'; readonly asset: Asset }
);

/** One number a turn: exactly what the turn's cycle answers. */
export type Line = TurnLine | WindowLine;

export function isWindowLine(line: Line): line is WindowLine {
  return line.kind === 'WINDOW' || (line.kind === 'ASSET' && line.figure === 'VOLATILITY');
}

/** Which figure of its window a line is. */
export function figureOfLine(line: WindowLine): WindowFigure {
  if (line.kind === 'ASSET') return { kind: line.figure, asset: line.asset };
  return { kind: line.window, base: line.base, quote: line.quote };
}

/** How long its window is, in buckets, and how long these are. */
export interface WindowLength {
  readonly every: Span;
  readonly length: number;
  readonly lag: number;
}

export function lengthOfWindow(line: WindowLine): WindowLength {
  const lag = line.kind === 'WINDOW' ? line.lag : 0;
  return { every: line.step, length: line.over / line.step, lag };
}

/** The asset that a line is priced in; null where it is left out, undefined for what is no price. */
export function numeraireOf(line: Line): Asset | null | undefined {
  return isPriced(line) ? line.in : undefined;
}

/** A line with the asset that it is priced in, where it leaves that out. */
export function pricedIn<L extends Line>(line: L, numeraire: Asset): L {
  return numeraireOf(line) === null ? { ...line, in: numeraire } : line;
}

function isPriced(line: Line): line is Line & { readonly in: Asset | null } {
  if (line.kind === 'ASSET') return line.figure === 'PRICE' || line.figure === 'VOLATILITY';
  return line.kind === 'WALLET' || line.kind === 'BALANCE' || line.kind === 'WINDOW';
}

/** The last price of an asset in another. */
export function priceLine(asset: Asset, numeraire: Asset): TurnLine {
  return { kind: 'ASSET', figure: 'PRICE', asset, in: numeraire };
}

/** Whether a line holds each turn against the one before. */
export function comparesTurns(line: Line): boolean {
  return line.kind === 'CELL' && line.matrix === 'ID_PCT';
}

/** The assets that some turn of a range must have for the line to make sense. */
export function assetsOf(line: Line): readonly Asset[] {
  const own = ownAssetsOf(line);
  const numeraire = numeraireOf(line) ?? null;
  return numeraire === null ? own : [...own, numeraire];
}

function ownAssetsOf(line: Line): readonly Asset[] {
  switch (line.kind) {
    case 'CELL':
    case 'WINDOW':
      return [line.base, line.quote];
    case 'ASSET':
      return [line.asset];
    // A wallet may hold what no universe has.
    case 'WALLET':
    case 'BALANCE':
    case 'STRATEGY':
    case 'CONSISTENCY':
      return [];
  }
}

/** @param numeraire what prices are in where the line leaves that out */
export function evaluatorOf(line: TurnLine, numeraire: Asset): LineEvaluator {
  switch (line.kind) {
    case 'CELL':
      return new CellLine(line.matrix, line.base, line.quote, line.trade);
    case 'ASSET':
      if (line.figure === 'STRENGTH') return new StrengthLine(line.asset);
      if (line.figure === 'QUANT') return new QuantLine(line.asset);
      return new CellLine('ID_BENCHMARK', line.asset, line.in ?? numeraire);
    case 'WALLET':
      return new WalletLine(line.in ?? numeraire, line.trade);
    case 'BALANCE':
      return new BalanceLine(line.asset, line.in ?? numeraire, line.trade);
    case 'STRATEGY':
      return new StrategyLine(line.figure);
    case 'CONSISTENCY':
      return new ConsistencyLine(line.figure);
  }
}
