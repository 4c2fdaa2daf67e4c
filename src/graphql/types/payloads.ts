import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Costs, FEW } from '../field-traits.js';
import { CycleType } from './cycle.js';
import { StrategyConfigType } from './strategy.js';

/** Why an input was refused. */
export enum UserErrorCode {
  INVALID = 'INVALID',
  NOT_CONFIRMED = 'NOT_CONFIRMED',
  UNSAVED_CYCLES = 'UNSAVED_CYCLES',
  NOT_FOUND = 'NOT_FOUND',
  TOO_MANY = 'TOO_MANY',
}
registerEnumType(UserErrorCode, {
  name: 'UserErrorCode',
  description: 'Why an input was refused.',
  valuesConfig: {
    INVALID: { description: 'The value is not one that the field takes.' },
    UNSAVED_CYCLES: { description: 'Cycles that are not in the database yet would be lost.' },
    NOT_FOUND: { description: 'There is nothing with that id.' },
    TOO_MANY: { description: 'There are as many as there may be.' },
    NOT_CONFIRMED: { description: 'What cannot be undone was not confirmed.' },
  },
});

@ObjectType('UserError', { description: 'What is wrong with an input, in words for people.' })
export class UserError {
  @Costs(FEW)
  @Field(() => [String], {
    nullable: true,
    description: 'The path of the input field; null where it is about the whole.',
  })
  field!: string[] | null;

  @Field(() => String, { description: 'What is wrong, and what would be right.' })
  message!: string;

  @Field(() => UserErrorCode, { description: 'The kind of fault, for programs.' })
  code!: UserErrorCode;
}

@ObjectType('RunCyclePayload', { description: 'What runCycle brings.' })
export class RunCyclePayload {
  @Field(() => CycleType, { nullable: true, description: 'The cycle.' })
  cycle!: CycleType | null;

  @Field(() => Boolean, {
    description: 'Whether it was run for this call, or joined; false when the last one was fresh.',
  })
  ran!: boolean;

  @Costs(FEW)
  @Field(() => [UserError], { description: 'Empty: there is no input to be wrong.' })
  userErrors!: UserError[];
}

@ObjectType('UpdateStrategyConfigPayload', { description: 'What updateStrategyConfig brings.' })
export class UpdateStrategyConfigPayload {
  @Field(() => StrategyConfigType, {
    nullable: true,
    description:
      'The settings as they are now, in force from the next turn on; null where the input was refused.',
  })
  strategyConfig!: StrategyConfigType | null;

  @Costs(FEW)
  @Field(() => [UserError], { description: 'Every fault of the input; empty where there is none.' })
  userErrors!: UserError[];
}

@ObjectType('PurgeCyclesPayload', { description: 'What purgeCycles brings.' })
export class PurgeCyclesPayload {
  @Field(() => Int, { description: 'How many cycles were deleted.' })
  deleted!: number;

  @Costs(FEW)
  @Field(() => [UserError], { description: 'Why nothing was deleted; empty where it was.' })
  userErrors!: UserError[];
}

@ObjectType('ResetCachePayload', { description: 'What resetCache brings.' })
export class ResetCachePayload {
  @Costs(FEW)
  @Field(() => [UserError], { description: 'Why the cache was kept; empty where it was dropped.' })
  userErrors!: UserError[];
}
