import { Field, Int, ObjectType } from 'type-graphql';
import { Costs, objects } from '../field-traits.js';
import { CycleFailureType, TurnCountType } from './status-operation.js';

/** How many outcomes and codes there are. */
const MOST_COUNTS = 30;

@ObjectType('TurnsStatus', {
  description: 'How the turns went that the instance that answers has run, since its start.',
})
export class TurnsStatusType {
  @Field(() => Int, { description: 'How many were stored and pushed.' })
  completed!: number;

  @Field(() => Int, { description: 'How many failed; status.lastFailure is the last.' })
  failed!: number;

  @Field(() => Int, { description: 'How many were skipped.' })
  skipped!: number;

  @Field(() => Int, {
    description: 'How many began later than they were due, by more than a tenth of the interval.',
  })
  late!: number;

  @Field(() => CycleFailureType, {
    nullable: true,
    description: 'The last that began late, and why.',
  })
  lastLate!: CycleFailureType | null;

  @Costs(() => objects(MOST_COUNTS))
  @Field(() => [TurnCountType], { description: 'All of them by outcome and reason.' })
  counts!: readonly TurnCountType[];
}
