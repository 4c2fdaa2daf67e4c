import { Field, Float, Int, ObjectType } from 'type-graphql';
import { DatabaseKindEnum, ExchangeKindEnum } from '../enums.js';
import { Costs, FEW } from '../field-traits.js';
import { DateTime } from '../scalars.js';

@ObjectType('ExchangeStatus', { description: 'How the exchange stands.' })
export class ExchangeStatusType {
  @Field(() => ExchangeKindEnum, { description: 'Where the prices come from.' })
  kind!: keyof typeof ExchangeKindEnum;

  @Field(() => Int, {
    nullable: true,
    description:
      'Request weight used in this minute, as the exchange last said; null if it never did.',
  })
  usedWeight!: number | null;

  @Field(() => Int, { description: 'Request weight allowed in a minute.' })
  weightLimit!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when the exchange has told us to be silent; null if it has not.',
  })
  bannedUntil!: Date | null;

  @Field(() => Float, {
    nullable: true,
    description:
      "The exchange's clock minus ours, in milliseconds; null before it was measured, and after ours has leapt until it is measured anew.",
  })
  clockOffsetMs!: number | null;
}

@ObjectType('DatabaseStatus', { description: 'How the database stands.' })
export class DatabaseStatusType {
  @Field(() => DatabaseKindEnum, { description: 'Which database this is.' })
  kind!: keyof typeof DatabaseKindEnum;

  @Field(() => Boolean, { description: 'Whether it answers.' })
  reachable!: boolean;

  @Field(() => String, { nullable: true, description: "The server's version; null while away." })
  version!: string | null;
}

@ObjectType('CycleFailure', { description: 'Why a turn was not stored.' })
export class CycleFailureType {
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field(() => String, { description: 'The kind of reason, a stable word.' })
  code!: string;

  @Field(() => String, { description: 'The reason in words.' })
  message!: string;
}

@ObjectType('Status', { description: 'How the engine stands.' })
export class StatusType {
  @Field(() => ExchangeStatusType, { description: 'The exchange.' })
  exchange!: ExchangeStatusType;

  @Field(() => DatabaseStatusType, { description: 'The database.' })
  database!: DatabaseStatusType;

  @Field(() => Int, {
    nullable: true,
    description: 'The oldest stored turn; null if none is known.',
  })
  oldestTurn!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The newest stored turn; null if there is none.',
  })
  latestTurn!: number | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When the newest stored cycle was completed, by this server's clock.",
  })
  latestCycleAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When the next turn is due; null while one is under way, or when none will follow.',
  })
  nextCycleAt!: Date | null;

  @Field(() => Int, { description: 'The interval of the metronome, in milliseconds.' })
  cycleIntervalMs!: number;

  @Field(() => CycleFailureType, { nullable: true, description: 'The last turn that failed.' })
  lastFailure!: CycleFailureType | null;

  @Field(() => CycleFailureType, { nullable: true, description: 'The last turn that was skipped.' })
  lastSkipped!: CycleFailureType | null;

  @Costs(FEW)
  @Field(() => [String], { description: 'What an operator should know, in words.' })
  warnings!: string[];

  @Field(() => String, {
    description:
      'Changes with whatever may change stored cycles: a purge, retention, a reset, a restored database, a clock that goes back, a new version of the formulas, a start of this instance. Stored operations whose address names it may be kept by caches.',
  })
  storageEpoch!: string;

  @Field(() => String, { description: "This program's version." })
  version!: string;
}
