import { Field, Int, ObjectType } from 'type-graphql';
import { WARNING_LEVELS } from '../../log.js';
import { enumOf } from '../enum-of.js';
import { DateTime } from '../scalars.js';

@ObjectType('CycleFailure', { description: 'Why a turn was not stored, or began late.' })
export class CycleFailureType {
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field(() => String, { description: 'The kind of reason, a stable word.' })
  code!: string;

  @Field(() => String, { description: 'The reason in words.' })
  message!: string;
}

export const TurnOutcomeEnum = enumOf(
  ['COMPLETED', 'FAILED', 'SKIPPED', 'ENDED'],
  'TurnOutcome',
  'How a turn went.',
  {
    COMPLETED: 'It was stored and pushed.',
    FAILED: 'It was not: the exchange could not be read, or something came between.',
    SKIPPED: 'It was not: the database or the account was away, or too little had a price.',
    ENDED: 'There was none: the recording is over.',
  },
);

@ObjectType('TurnCount', { description: 'Turns that went the same way.' })
export class TurnCountType {
  @Field(() => TurnOutcomeEnum, { description: 'How they went.' })
  outcome!: keyof typeof TurnOutcomeEnum;

  @Field(() => String, {
    nullable: true,
    description: 'The stable word for what went wrong; null where nothing did.',
  })
  code!: string | null;

  @Field(() => Int, { description: 'How many.' })
  count!: number;
}

@ObjectType('InstancesStatus', {
  description: 'Who of several instances on one database runs the turns.',
})
export class InstancesStatusType {
  @Field(() => String, { description: 'The name of the instance that answers: host/process/id.' })
  name!: string;

  @Field(() => Boolean, {
    description: 'Whether it has the lease at this moment, and so runs the turns.',
  })
  leads!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Who had the lease when the database last said so, by such a name; null where nobody did, or it was not asked yet.',
  })
  leader!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Since when, by the database's clock; null where that is not known.",
  })
  leaderSince!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether there are others: the leader, or one that asked it for the lease within the last seconds.',
  })
  hasOthers!: boolean;
}

@ObjectType('SpoolStatus', {
  description: 'The cycles that are kept in DATA_DIR until the database takes them.',
})
export class SpoolStatusType {
  @Field(() => Int, { description: 'How many there are.' })
  cycles!: number;

  @Field(() => Int, { nullable: true, description: 'The turn of the oldest; null without any.' })
  oldestTurn!: number | null;

  @Field(() => Int, { nullable: true, description: 'The turn of the newest; null without any.' })
  newestTurn!: number | null;

  @Field(() => Int, {
    description:
      'How many were pushed and then not stored, since the start of this instance; they are kept in DATA_DIR/rejected.',
  })
  rejected!: number;
}

@ObjectType('ReplayStatus', { description: "Where a recording is, by the recording's own clock." })
export class ReplayStatusType {
  @Field(() => DateTime, { description: 'Its first moment.' })
  from!: Date;

  @Field(() => DateTime, { description: 'Its last moment, at which it stands still.' })
  to!: Date;

  @Field(() => DateTime, {
    description: 'The moment that it is at: at or after the newest observedAt, between the two.',
  })
  at!: Date;
}

export const WarningLevelEnum = enumOf(
  WARNING_LEVELS,
  'WarningLevel',
  'How bad a line of the log is.',
  {
    WARN: 'Something costs itself alone, or may get worse.',
    ERROR: 'Something that was to be done was not, for a reason that was not foreseen.',
    FATAL: 'The process ends.',
  },
);

@ObjectType('LoggedWarning', { description: 'A line of the log that is a warning or worse.' })
export class LoggedWarningType {
  @Field(() => DateTime, { description: "When, by this server's clock." })
  at!: Date;

  @Field(() => WarningLevelEnum, { description: 'How bad it is.' })
  level!: keyof typeof WarningLevelEnum;

  @Field(() => String, {
    nullable: true,
    description: 'The stable word for what it is about; null where it has none.',
  })
  code!: string | null;

  @Field(() => String, { description: 'What it says, on one line, without secrets.' })
  message!: string;
}
