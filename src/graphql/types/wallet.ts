import { Arg, Args, Ctx, Field, Float, ObjectType } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import type { RatePrice } from '../../domain/rates/trade-price.js';
import {
  balanceValue,
  totalOf,
  unpricedAssets,
  walletValue,
  type Balance,
  type RateOf,
  type WalletSource,
} from '../../domain/wallet.js';
import { assetIndex } from '../arguments.js';
import type { Context } from '../context.js';
import { RatePriceEnum, WalletSourceEnum } from '../enums.js';
import { Costs, Derived, FEW, objects } from '../field-traits.js';
import { atPace } from '../paced.js';
import { Decimal } from '../scalars.js';
import { PriceArguments, readTrade } from '../trade-arguments.js';

const IN_ARGUMENT = {
  nullable: true,
  description: "An asset of the universe; without it, the cycle's quant base.",
} as const;

/** The asset to price in: the one that was asked for, checked, or the cycle's quant base. */
export function pricingAsset(figures: CycleFigures, asked: string | null | undefined): string {
  if (asked === null || asked === undefined) return figures.cycle.config.quantBase;
  assetIndex(figures.cycle.universe, asked, 'in');
  return asked;
}

/** The rates of assets in the one that was asked for, at the prices that were. */
function ratesIn(
  figures: CycleFigures,
  asked: string | null | undefined,
  prices: PriceArguments,
): RateOf {
  const trade = readTrade(prices);
  const quote = pricingAsset(figures, asked);
  return (asset) => figures.rateAt(trade, asset, quote);
}

@ObjectType('Balance', { description: 'What is held of one asset.' })
export class BalanceType {
  readonly #figures: CycleFigures;
  readonly #balance: Balance;

  constructor(figures: CycleFigures, balance: Balance) {
    this.#figures = figures;
    this.#balance = balance;
  }

  @Field(() => String, { description: 'The asset held.' })
  get asset(): string {
    return this.#balance.asset;
  }

  @Field(() => Decimal, { description: 'The amount at hand, in units of the asset, exact.' })
  get free(): string {
    return this.#balance.free;
  }

  @Field(() => Decimal, {
    description: 'The amount bound in orders, in units of the asset, exact.',
  })
  get locked(): string {
    return this.#balance.locked;
  }

  @Field(() => Decimal, { description: 'Free and locked together, in units of the asset, exact.' })
  get total(): string {
    return totalOf(this.#balance);
  }

  @Derived()
  @Field(() => Float, {
    nullable: true,
    description:
      'The total times its rate, in units of `in`; null where it has no price in it. At TAKE: what selling it all at the top of the book would bring, whatever its depth.',
  })
  value(
    @Arg('in', () => String, IN_ARGUMENT) quote: string | null | undefined,
    @Args(() => PriceArguments) prices: PriceArguments,
  ): number | null {
    return balanceValue(this.#balance, ratesIn(this.#figures, quote, prices));
  }
}

@ObjectType('Wallet', { description: 'What was held at this turn. Zero totals are left out.' })
export class WalletType {
  readonly #figures: CycleFigures;

  constructor(figures: CycleFigures) {
    this.#figures = figures;
  }

  @Field(() => WalletSourceEnum, { description: 'Where the balances come from.' })
  get source(): WalletSource {
    return this.#figures.cycle.holdings.source;
  }

  @Costs((_args, { universeSize }) => objects(universeSize))
  @Field(() => [BalanceType], { description: 'The balances, one an asset.' })
  balances(@Ctx() { pace }: Context): Iterable<BalanceType | Promise<BalanceType>> {
    const { balances } = this.#figures.cycle.holdings;
    return atPace(
      balances.map((balance) => new BalanceType(this.#figures, balance)),
      pace,
    );
  }

  @Derived()
  @Field(() => Float, {
    nullable: true,
    description:
      'The sum over what can be priced, in units of `in`: 0 for an empty wallet, null when nothing can be priced. At TAKE: what selling it all at the top of the book would bring, whatever its depth.',
  })
  value(
    @Arg('in', () => String, IN_ARGUMENT) quote: string | null | undefined,
    @Args(() => PriceArguments) prices: PriceArguments,
  ): number | null {
    return walletValue(this.#figures.cycle.holdings, ratesIn(this.#figures, quote, prices));
  }

  @Derived()
  @Costs(FEW)
  @Field(() => [String], {
    description:
      'The assets held that have no price in `in`, those outside the universe and those whose amount could not be read too: never counted as 0.',
  })
  unpriced(
    @Arg('in', () => String, IN_ARGUMENT) quote: string | null | undefined,
    @Arg('price', () => RatePriceEnum, {
      defaultValue: 'LAST',
      description: 'At which prices of the legs.',
    })
    price: RatePrice,
  ): string[] {
    const rates = ratesIn(this.#figures, quote, { price, feeBps: 0 });
    return unpricedAssets(this.#figures.cycle.holdings, rates);
  }
}
