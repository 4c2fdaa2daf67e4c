import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { StrategyAux, StrategyConfig } from '../../domain/strategy.js';
import { StrategyModeEnum, StrategyTierEnum } from '../enums.js';
import { DateTime } from '../scalars.js';
import { NodeInterface } from './node.js';

@ObjectType('StrategyConfig', {
  implements: NodeInterface,
  description: "One version of the strategy's settings.",
})
export class StrategyConfigType extends NodeInterface {
  readonly typename = 'StrategyConfig';
  readonly #strategy: StrategyConfig;

  constructor(strategy: StrategyConfig) {
    super();
    this.#strategy = strategy;
  }

  protected override get key(): number {
    return this.#strategy.version;
  }

  @Field(() => Int, { description: 'Counts 1, 2, 3, … with every change.' })
  get version(): number {
    return this.#strategy.version;
  }

  @Field(() => DateTime, { description: 'When this version was made.' })
  get updatedAt(): Date {
    return new Date(this.#strategy.updatedAt);
  }

  @Field(() => StrategyTierEnum, { description: 'How fast quants follow the market.' })
  get tier(): StrategyConfig['tier'] {
    return this.#strategy.tier;
  }

  @Field(() => StrategyModeEnum, { description: 'Which asset leads.' })
  get mode(): StrategyConfig['mode'] {
    return this.#strategy.mode;
  }

  @Field(() => String, { description: 'The asset in which lead and wallet are priced.' })
  get quantBase(): string {
    return this.#strategy.quantBase;
  }

  @Field(() => Float, {
    description: 'The imprint that the strategy waits for: a ratio above 0, without unit.',
  })
  get expectedImprint(): number {
    return this.#strategy.expectedImprint;
  }

  @Field(() => Float, {
    description: 'The luggage that the strategy waits for: a ratio above 0, without unit.',
  })
  get expectedLuggage(): number {
    return this.#strategy.expectedLuggage;
  }
}

@ObjectType('StrategyAux', { description: 'The strategy figures of one turn.' })
export class StrategyAuxType implements StrategyAux {
  @Field(() => Int, { description: "The cycle's turn." })
  readonly turn!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'The leading asset by mode; ties go to the earlier asset of the universe; null when no asset has a quant.',
  })
  readonly leadQuant!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: "The lead's quant, without unit, in [-1, 1].",
  })
  readonly quant!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "The lead's quant minus the same asset's at the turn before, without unit; null when it had none.",
  })
  readonly shift!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The turn at which this lead took over, or the quant base changed.',
  })
  readonly leadSince!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Growth of the turn in percent, without deposits and withdrawals: 100 * (Σ h(t-1) B(t) / Σ h(t-1) B(t-1) - 1) over the assets priced in the quant base at both turns. Null without a turn before, when the denominator is 0, or when the balances come from another source than before.',
  })
  readonly grt!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "The lead's price in the quant base now over that at leadSince: a ratio, 1 = no move; null for an unpriced lead.",
  })
  readonly imprint!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What the wallet carried away of it: 1 at leadSince, then multiplied by (1 + grt/100) every turn; a ratio.',
  })
  readonly luggage!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether imprint is at or above expectedImprint; null where imprint is.',
  })
  readonly imprintReached!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether luggage is at or above expectedLuggage; null where luggage is.',
  })
  readonly luggageReached!: boolean | null;

  constructor(aux: StrategyAux) {
    Object.assign(this, aux);
  }
}
