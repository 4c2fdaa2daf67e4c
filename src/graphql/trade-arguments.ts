import { ArgsType, Field, Float } from 'type-graphql';
import type { MatrixKind } from '../domain/matrix.js';
import { MOST_FEE_BPS, type RatePrice, type TradePrice } from '../domain/rates/trade-price.js';
import { RatePriceEnum } from './enums.js';
import { badUserInput } from './errors.js';

export const FEE_DESCRIPTION = `TAKE: the fee on each leg, basis points of what it brings, 0 to ${MOST_FEE_BPS}.`;

/** At which prices a rate is taken. */
@ArgsType()
export class PriceArguments {
  @Field(() => RatePriceEnum, {
    defaultValue: 'LAST',
    description: 'At which prices of the legs: the last traded, or one to trade at.',
  })
  price!: RatePrice;

  @Field(() => Float, { defaultValue: 0, description: FEE_DESCRIPTION })
  feeBps!: number;
}

/**
 * The price to trade at that is asked for; null for last prices.
 * @throws a BAD_USER_INPUT error for a fee without TAKE, or one that is none
 */
export function readTrade({ price, feeBps }: PriceArguments): TradePrice | null {
  if (price !== 'TAKE' && feeBps !== 0) {
    throw badUserInput('feeBps', `expected with TAKE, not ${price}`);
  }
  if (!(feeBps >= 0 && feeBps <= MOST_FEE_BPS)) {
    throw badUserInput('feeBps', `expected 0 to ${MOST_FEE_BPS}, not ${feeBps}`);
  }
  if (price === 'LAST') return null;
  return price === 'MID' ? { price } : { price, feeBps };
}

/** The same for a matrix: a BAD_USER_INPUT error where it is not one of rates. */
export function readTradeOf(kind: MatrixKind, prices: PriceArguments): TradePrice | null {
  if (kind !== 'ID_BENCHMARK' && prices.price !== 'LAST') {
    throw badUserInput('price', `expected with ID_BENCHMARK, not ${kind}`);
  }
  return readTrade(prices);
}
