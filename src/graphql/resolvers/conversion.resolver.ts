import { Arg, Ctx, Float, Int, Query, Resolver } from 'type-graphql';
import { conversion } from '../../domain/conversion.js';
import { plainDecimal } from '../../domain/decimal.js';
import type { RatePrice } from '../../domain/rates/trade-price.js';
import { readable } from '../../history/stored-cycle.js';
import { assetIndex } from '../arguments.js';
import type { Context } from '../context.js';
import { RatePriceEnum } from '../enums.js';
import { badUserInput } from '../errors.js';
import { ByTurn, Derived, FixedWhere, ReadsCycles } from '../field-traits.js';
import { storedTurn } from '../loaders.js';
import { Decimal } from '../scalars.js';
import { FEE_DESCRIPTION, readTrade } from '../trade-arguments.js';
import { ConversionType } from '../types/conversion.js';

/** What an amount of one asset would be in another. */
@Resolver()
export class ConversionResolver {
  @ByTurn()
  @FixedWhere(({ turn }) => typeof turn === 'number')
  @ReadsCycles(() => 1)
  @Derived()
  @Query(() => ConversionType, {
    nullable: true,
    description:
      'An amount of one asset in another, along the path of their rate in ID_BENCHMARK. An estimate by the top of the book, without depth: nothing is traded. Null before the first cycle.',
  })
  async convert(
    @Arg('amount', () => Decimal, {
      description:
        'How much of `from`, exact: 0 or more, up to 40 digits on either side of the point.',
    })
    amount: string,
    @Arg('from', () => String, { description: 'The asset that it is of.' }) from: string,
    @Arg('to', () => String, { description: 'The asset that it is to be in.' }) to: string,
    @Arg('price', () => RatePriceEnum, {
      defaultValue: 'TAKE',
      description: 'At which prices of the legs.',
    })
    price: RatePrice,
    @Arg('feeBps', () => Float, { defaultValue: 0, description: FEE_DESCRIPTION }) feeBps: number,
    @Arg('turn', () => Int, {
      nullable: true,
      description: 'By the prices of this turn; without it, of the newest.',
    })
    turn: number | null | undefined,
    @Ctx() { services, loaders }: Context,
  ): Promise<ConversionType | null> {
    const plain = plainDecimal(amount);
    if (plain === null) {
      throw badUserInput(
        'amount',
        `${JSON.stringify(amount.slice(0, 40))} is no decimal of 0 or more`,
      );
    }
    const trade = readTrade({ price, feeBps });
    const isNamed = typeof turn === 'number';
    const found = await (isNamed ? storedTurn(turn, 'turn', loaders) : services.feed.latest());
    if (found === null) return null;
    const figures = readable(found);
    const { universe, rates } = figures;
    const [i, j] = [assetIndex(universe, from, 'from'), assetIndex(universe, to, 'to')];
    const rate = figures.rateAt(trade, from, to);
    return new ConversionType(conversion(plain, rates, rate, i, j), figures.turn);
  }
}
