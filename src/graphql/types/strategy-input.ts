import { Field, Float, InputType } from 'type-graphql';
import type { StrategyChange } from '../../domain/strategy-change.js';
import { StrategyModeEnum, StrategyTierEnum } from '../enums.js';

@InputType('UpdateStrategyConfigInput', {
  description: 'What to change. Omitted fields stay; null is refused.',
})
export class UpdateStrategyConfigInput implements StrategyChange {
  @Field(() => StrategyTierEnum, {
    nullable: true,
    description: 'How fast quants follow the market.',
  })
  tier?: keyof typeof StrategyTierEnum | null;

  @Field(() => StrategyModeEnum, { nullable: true, description: 'Which asset leads.' })
  mode?: keyof typeof StrategyModeEnum | null;

  @Field(() => String, {
    nullable: true,
    description: 'An asset of the universe, in which lead and wallet are priced.',
  })
  quantBase?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The imprint that the strategy waits for: a ratio above 0, without unit.',
  })
  expectedImprint?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The luggage that the strategy waits for: a ratio above 0, without unit.',
  })
  expectedLuggage?: number | null;
}
