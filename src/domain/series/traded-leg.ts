import { numberAt } from '../cells.js';
import { legRate, type TradePrice } from '../rates/trade-price.js';
import type { PairColumns } from './frame-columns.js';

/** The rate of a leg at a price to trade at, as it is walked, by the index of a turn; NaN where it has none. */
export type TradedLeg = (index: number) => number;

/** @param isForward whether it is walked from the base of the pair to its quote */
export function tradedLeg(
  { bid, ask }: Pick<PairColumns, 'bid' | 'ask'>,
  isForward: boolean,
  trade: TradePrice,
): TradedLeg {
  return (index) => legRate(trade, numberAt(bid, index), numberAt(ask, index), isForward);
}
