import { Arg, Ctx, Field, Float, ObjectType } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import {
  balanceValue,
  totalOf,
  unpricedAssets,
  walletValue,
  type Balance,
  type WalletSource,
} from '../../domain/wallet.js';
import { assetIndex } from '../arguments.js';
import type { Context } from '../context.js';
import { WalletSourceEnum } from '../enums.js';
import { Costs, Derived, FEW, objects } from '../field-traits.js';
import { atPace } from '../paced.js';
import { Decimal } from '../scalars.js';

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
    description: 'The total times its rate, in units of `in`; null where it has no price in it.',
  })
  value(@Arg('in', () => String, IN_ARGUMENT) quote: string | null | undefined): number | null {
    const asset = pricingAsset(this.#figures, quote);
    return balanceValue(this.#balance, asset, this.#figures.matrix('ID_BENCHMARK'));
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
      'The sum over what can be priced, in units of `in`: 0 for an empty wallet, null when nothing can be priced.',
  })
  value(@Arg('in', () => String, IN_ARGUMENT) quote: string | null | undefined): number | null {
    const { cycle } = this.#figures;
    const asset = pricingAsset(this.#figures, quote);
    return walletValue(cycle.holdings, asset, this.#figures.matrix('ID_BENCHMARK'));
  }

  @Derived()
  @Costs(FEW)
  @Field(() => [String], {
    description:
      "The assets held that have no price in the cycle's quant base, those outside the universe and those whose amount could not be read too: never counted as 0.",
  })
  get unpriced(): string[] {
    const { cycle } = this.#figures;
    const benchmark = this.#figures.matrix('ID_BENCHMARK');
    return unpricedAssets(cycle.holdings, cycle.config.quantBase, benchmark);
  }
}
