import type { Asset } from '../asset.js';
import type { MatrixKind } from '../matrix.js';
import type { TradePrice } from '../rates/trade-price.js';
import { CellLine } from './cell-line.js';
import type { LineEvaluator } from './evaluation.js';
import { ConsistencyLine, StrengthLine } from './frame-line.js';
import { QuantLine, StrategyLine } from './record-line.js';
import { BalanceLine, WalletLine } from './wallet-line.js';

export const ASSET_FIGURES = ['STRENGTH', 'QUANT', 'PRICE'] as const;
export const STRATEGY_FIGURES = ['QUANT', 'SHIFT', 'GRT', 'IMPRINT', 'LUGGAGE'] as const;
export const CONSISTENCY_FIGURES = ['MEDIAN_BPS', 'MAX_BPS'] as const;
export type AssetFigure = (typeof ASSET_FIGURES)[number];
export type StrategyFigure = (typeof STRATEGY_FIGURES)[number];
export type ConsistencyFigure = (typeof CONSISTENCY_FIGURES)[number];

/** @property trade the price to trade at; absent: at last prices */
interface Priced {
  readonly trade?: TradePrice;
}

/** One number a turn: exactly what the turn's cycle answers. */
export type Line =
  | ({
      readonly kind: 'CELL';
      readonly matrix: MatrixKind;
      readonly base: Asset;
      readonly quote: Asset;
    } & Priced)
  /** @property in the asset that prices are in; null: the quant base of the newest turn of a range */
  | {
      readonly kind: 'ASSET';
      readonly figure: AssetFigure;
      readonly asset: Asset;
      readonly in: Asset | null;
    }
  | ({ readonly kind: 'WALLET'; readonly in: Asset | null } & Priced)
  | ({ readonly kind: 'BALANCE'; readonly asset: Asset; readonly in: Asset | null } & Priced)
  | { readonly kind: 'STRATEGY'; readonly figure: StrategyFigure }
  | { readonly kind: 'CONSISTENCY'; readonly figure: ConsistencyFigure };

/** The asset that a line is priced in; null where it is left out, undefined for what is no price. */
export function numeraireOf(line: Line): Asset | null | undefined {
  return line.kind === 'WALLET' || line.kind === 'BALANCE' || isPrice(line) ? line.in : undefined;
}

function isPrice(line: Line): line is Line & { readonly kind: 'ASSET' } {
  return line.kind === 'ASSET' && line.figure === 'PRICE';
}

/** The last price of an asset in another. */
export function priceLine(asset: Asset, numeraire: Asset): Line {
  return { kind: 'ASSET', figure: 'PRICE', asset, in: numeraire };
}

/** Whether a line holds each turn against the one before. */
export function comparesTurns(line: Line): boolean {
  return line.kind === 'CELL' && line.matrix === 'ID_PCT';
}

/** The assets that some turn of a range must have for the line to make sense. */
export function assetsOf(line: Line): readonly Asset[] {
  switch (line.kind) {
    case 'CELL':
      return [line.base, line.quote];
    case 'ASSET':
      return line.in === null || !isPrice(line) ? [line.asset] : [line.asset, line.in];
    // A wallet may hold what no universe has.
    case 'WALLET':
    case 'BALANCE':
      return line.in === null ? [] : [line.in];
    case 'STRATEGY':
    case 'CONSISTENCY':
      return [];
  }
}

/** @param numeraire what prices are in where the line leaves that out */
export function evaluatorOf(line: Line, numeraire: Asset): LineEvaluator {
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
