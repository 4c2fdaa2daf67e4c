import { isPrice } from '../frame.js';
import { isKnownBook } from './path-rule.js';

/** At which prices of its legs a rate is taken; LAST: the last traded. */
export const RATE_PRICES = ['LAST', 'MID', 'TAKE'] as const;
export type RatePrice = (typeof RATE_PRICES)[number];

/** 10,000 basis points are the whole. */
export const MOST_FEE_BPS = 10_000;

/**
 * A price to trade at, by the top of the book alone: how much can be had at it is not known.
 * - MID: between bid and ask.
 * - TAKE: what selling one unit brings now, less a fee on each leg in basis points, 0 to 10,000.
 */
export type TradePrice =
  | { readonly price: 'MID' }
  | { readonly price: 'TAKE'; readonly feeBps: number };

/** Tells a price from all others. */
export function tradeKey(trade: TradePrice): string {
  return trade.price === 'MID' ? trade.price : `${trade.price} ${trade.feeBps}`;
}

/**
 * The rate of one leg, as it is walked: forward from the base of the listed pair to its quote.
 * - MID: `(bid + ask) / 2`; back, one over it.
 * - TAKE: `bid * (1 - feeBps / 10000)`; back, `1 / ask * (1 - feeBps / 10000)`.
 *
 * NaN where bid and ask are unknown.
 */
export function legRate(trade: TradePrice, bid: number, ask: number, isForward: boolean): number {
  if (!isKnownBook(bid, ask)) return NaN;
  if (trade.price === 'MID') {
    const mid = (bid + ask) / 2;
    return isForward ? mid : 1 / mid;
  }
  return (isForward ? bid : 1 / ask) * (1 - trade.feeBps / MOST_FEE_BPS);
}

/** The product of some legs' rates; NaN where it is none. Only a fee of the whole leaves nothing. */
export function tradeRate(product: number, trade: TradePrice): number {
  const isNothing = trade.price === 'TAKE' && trade.feeBps === MOST_FEE_BPS && product === 0;
  return isPrice(product) || isNothing ? product : NaN;
}
