import { Field, Float, ObjectType } from 'type-graphql';
import type { Consistency } from '../../domain/consistency.js';
import { Costs, FEW } from '../field-traits.js';

@ObjectType('Consistency', {
  description:
    'How far the market, or our frame of it, is from one price: each listed pair against the best two legs beside it, 1e4 * abs(ln(direct) - ln(synthetic)). All null where there is no such pair.',
})
export class ConsistencyType implements Consistency {
  @Field(() => Float, { nullable: true, description: 'The median, in basis points.' })
  readonly medianBps!: number | null;

  @Field(() => Float, { nullable: true, description: 'The largest, in basis points.' })
  readonly maxBps!: number | null;

  @Costs(FEW)
  @Field(() => [String], {
    nullable: true,
    description:
      'The symbols of the pair with the largest difference and of the two legs beside it.',
  })
  readonly worst!: [string, string, string] | null;

  constructor(consistency: Consistency) {
    Object.assign(this, consistency);
  }
}
