import { Arg, Args, Ctx, Field, Float, ObjectType } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import { keptOr } from '../../domain/frame-figures.js';
import { quantOf } from '../../domain/quant.js';
import { totalOf } from '../../domain/wallet.js';
import { throwForCaller } from '../asked-lines.js';
import type { Context } from '../context.js';
import { Costs, Derived, ReadsCycles, values } from '../field-traits.js';
import type { Loaders } from '../loaders.js';
import { Decimal } from '../scalars.js';
import { PriceArguments, readTrade } from '../trade-arguments.js';
import {
  bucketsAsked,
  BUCKETS_OF_A_CYCLE,
  readWindowSpans,
  WindowSpans,
} from '../window-arguments.js';
import { pricingAsset } from './wallet.js';

/** How many returns take as long as a value. */
const RETURNS_OF_A_VALUE = 10;

@ObjectType('Asset', { description: 'An asset of the universe at one turn.' })
export class AssetType {
  readonly #figures: CycleFigures;
  readonly #index: number;
  /** Those of its cycle: of a subscription that runs alone, the context outlives each of its events. */
  readonly #loaders: Loaders;

  constructor(figures: CycleFigures, index: number, loaders: Loaders) {
    this.#figures = figures;
    this.#index = index;
    this.#loaders = loaders;
  }

  @Field(() => String, { description: "The exchange's short name of the asset, for example BTC." })
  get symbol(): string {
    return this.#figures.cycle.universe[this.#index] as string;
  }

  @Derived()
  @Field(() => Float, {
    nullable: true,
    description:
      'How it moved in 24 h against the mean of all others, in percent: 100 * (exp(mean of ln(B/A) over the other assets) - 1); null without any rate.',
  })
  get strength(): number | null {
    return this.#figures.strengths[this.#index] ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'The mean of its QUANTID row, smoothed over the turns by the tier; without unit, in [-1, 1]; null without any rate.',
  })
  get quant(): number | null {
    return quantOf(this.#figures.cycle.quants, this.symbol);
  }

  @Field(() => Decimal, {
    nullable: true,
    description: 'Free and locked together, in units of the asset, exact; null where none is held.',
  })
  get balance(): string | null {
    const { balances } = this.#figures.cycle.holdings;
    const held = balances.find(({ asset }) => asset === this.symbol);
    return held ? totalOf(held) : null;
  }

  @Derived()
  @Field(() => Float, {
    nullable: true,
    description:
      'The price of one unit, in units of `in`; null where there is no path, and at MID and TAKE where bid or ask of a leg is not known.',
  })
  price(
    @Arg('in', () => String, {
      nullable: true,
      description: "An asset of the universe; without it, the cycle's quant base.",
    })
    quote: string | null | undefined,
    @Args(() => PriceArguments) prices: PriceArguments,
  ): number | null {
    const trade = readTrade(prices);
    return this.#figures.rateAt(trade, this.symbol, pricingAsset(this.#figures, quote));
  }

  // All assets of a cycle are of one window.
  @ReadsCycles((args, { universeSize }) => bucketsAsked(args) / BUCKETS_OF_A_CYCLE / universeSize)
  @Costs((args) => ({
    ...values(1),
    values: 1 + Math.ceil(bucketsAsked(args) / RETURNS_OF_A_VALUE),
  }))
  @Field(() => Float, {
    nullable: true,
    description:
      'How much its price in `in` moved over the whole buckets that end at or before observedAt, in percent a year: 100 * sample deviation of the logarithmic returns from bucket to bucket * sqrt(365 d / every); null of fewer than 3 returns. It stays the same until the next bucket closes.',
  })
  async volatility(
    @Arg('in', () => String, {
      nullable: true,
      description: "An asset of the universe; without it, the cycle's quant base.",
    })
    asked: string | null | undefined,
    @Args(() => WindowSpans) spans: WindowSpans,
    @Ctx() { services, pace }: Context,
  ): Promise<number | null> {
    const { cycle } = this.#figures;
    const numeraire = pricingAsset(this.#figures, asked);
    const window = readWindowSpans(spans);
    const loaders = this.#loaders;
    const key = [cycle.turn, numeraire, window.every, window.length].join(' ');
    const all = await keptOr(loaders.volatilities, key, () => {
      const figures = cycle.universe.map((asset) => ({ kind: 'VOLATILITY' as const, asset }));
      const request = { cycle, numeraire, ...window };
      return services.windows.figures(request, figures, loaders.windowBudget, pace);
    }).catch(throwForCaller);
    const value = all[this.#index]?.value ?? NaN;
    return Number.isNaN(value) ? null : value;
  }
}
