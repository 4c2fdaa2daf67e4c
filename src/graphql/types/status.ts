import { Field, Int, ObjectType } from 'type-graphql';
import { KEPT_WARNINGS } from '../../log.js';
import { DatabaseKindEnum } from '../enums.js';
import { Costs, FEW, objects } from '../field-traits.js';
import { DateTime } from '../scalars.js';
import { ExchangeStatusType } from './status-exchange.js';
import { LoadStatusType } from './status-load.js';
import {
  CycleFailureType,
  InstancesStatusType,
  LoggedWarningType,
  ReplayStatusType,
  SpoolStatusType,
} from './status-operation.js';
import { TurnsStatusType } from './status-turns.js';

@ObjectType('DatabaseStatus', { description: 'How the database stands.' })
export class DatabaseStatusType {
  @Field(() => DatabaseKindEnum, { description: 'Which database this is.' })
  kind!: keyof typeof DatabaseKindEnum;

  @Field(() => Boolean, { description: 'Whether it answers.' })
  reachable!: boolean;

  @Field(() => String, { nullable: true, description: "The server's version; null while away." })
  version!: string | null;
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

  @Field(() => TurnsStatusType, { description: 'How turns went since the start of this instance.' })
  turns!: TurnsStatusType;

  @Field(() => SpoolStatusType, { description: 'What waits for the database.' })
  spool!: SpoolStatusType;

  @Field(() => LoadStatusType, { description: 'What callers ask of this instance.' })
  load!: LoadStatusType;

  @Field(() => ReplayStatusType, {
    nullable: true,
    description: 'Where the recording is; null where prices are not from one.',
  })
  replay!: ReplayStatusType | null;

  @Field(() => InstancesStatusType, {
    nullable: true,
    description: "Who runs the turns: an operator's right; null for a viewer.",
  })
  instances!: InstancesStatusType | null;

  @Costs(() => objects(KEPT_WARNINGS))
  @Field(() => [LoggedWarningType], {
    nullable: true,
    description: `The last ${KEPT_WARNINGS} lines of this instance's log that are warnings or worse, since its start, the newest first, whatever LOG_LEVEL is: an operator's right; null for a viewer.`,
  })
  recentWarnings!: readonly LoggedWarningType[] | null;

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
