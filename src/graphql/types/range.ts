import { ArgsType, Field, Int } from 'type-graphql';
import { DEFAULT_POINTS, MOST_POINTS } from '../../domain/series/range.js';
import { MomentText, SpanText } from '../scalars.js';

/** A range of time, and how fine the answer is to be. */
@ArgsType()
export class RangeArguments {
  @Field(() => MomentText, { description: 'Where it begins, by observedAt.' })
  from!: string;

  @Field(() => MomentText, {
    defaultValue: 'now',
    description: 'Where it ends: not within it.',
  })
  to!: string;

  @Field(() => SpanText, {
    nullable: true,
    description:
      'How long a bucket is, or "turn". Without it, "turn" where at most maxPoints turns lie in the range, else the smallest usual span that gives at most maxPoints buckets.',
  })
  every?: string | null;

  @Field(() => Int, {
    defaultValue: DEFAULT_POINTS,
    description: `How many buckets there may be at most, 1 to ${MOST_POINTS}.`,
  })
  maxPoints!: number;
}
