import { Arg, Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { Aggregate } from '../../domain/series/aggregate.js';
import { faultOfTransform, stepOf, type Transform } from '../../domain/series/transform.js';
import { formatSpan } from '../../domain/series/span.js';
import type { SeriesData, SeriesLineData } from '../../history/series-data.js';
import type { Pace } from '../../scheduling/slices.js';
import type { Context } from '../context.js';
import { AggregateEnum, NullReasonEnum, RateSourceEnum } from '../enums.js';
import { badUserInput } from '../errors.js';
import {
  Costs,
  FEW,
  numberOf,
  TABLE,
  values,
  type Arguments,
  type FieldCost,
  type Place,
} from '../field-traits.js';
import { nameOfLine, unitOfLine } from '../line-words.js';
import { readDigits } from '../round.js';
import { DateTime, FloatSeries, SpanText } from '../scalars.js';
import { SeriesValues } from '../series-text.js';
import { TransformInput } from './series-input.js';

/** How many runs of turns are told, where nothing is said. */
const DEFAULT_RUNS = 100;
const MOST_RUNS = 10_000;
/** How many transforms a chain has at most. */
const LONGEST_CHAIN = 8;

@ObjectType('ReadPlan', { description: 'What was read for an answer.' })
export class ReadPlanType {
  @Field(() => Float, { description: 'How many turns.' })
  turns!: number;

  @Field(() => Float, { description: 'How many sealed blocks anything was read of.' })
  blocks!: number;

  @Field(() => Float, { description: 'How many documents of cycles.' })
  documents!: number;

  @Field(() => Float, { description: 'How many bytes, as the database gave them.' })
  bytes!: number;

  @Field(() => Boolean, { description: 'Whether any of it was at hand from an earlier answer.' })
  fromKept!: boolean;
}

@ObjectType('PathSpan', {
  description: 'Neighbouring turns of the answer at which a rate was found along the same path.',
})
export class PathSpanType {
  @Field(() => Int, { description: 'The first of these turns.' })
  fromTurn!: number;

  @Field(() => Int, { description: 'The last of these turns.' })
  toTurn!: number;

  @Field(() => RateSourceEnum, { description: 'How the rate was found.' })
  source!: keyof typeof RateSourceEnum;

  @Costs(FEW)
  @Field(() => [String], {
    description: 'The symbols of the legs, from base to quote; empty for an asset in itself.',
  })
  path!: readonly string[];
}

@ObjectType('NullSpan', {
  description: 'Neighbouring turns of the answer without a value, for one reason.',
})
export class NullSpanType {
  @Field(() => Int, { description: 'The first of these turns.' })
  fromTurn!: number;

  @Field(() => Int, { description: 'The last of these turns.' })
  toTurn!: number;

  @Field(() => NullReasonEnum, { description: 'Why.' })
  reason!: keyof typeof NullReasonEnum;
}

@ObjectType('SeriesLine', {
  description: 'One number a turn, in the buckets of its series: columns are as long as `starts`.',
})
export class SeriesLineType {
  readonly #data: SeriesLineData;
  readonly #numeraire: string | null;

  constructor(data: SeriesLineData, numeraire: string | null) {
    this.#data = data;
    this.#numeraire = numeraire;
  }

  @Field(() => String, { description: 'What it is, for people: "BTC/USDT", "BTC STRENGTH".' })
  get name(): string {
    return nameOfLine(this.#data.line);
  }

  @Field(() => String, { nullable: true, description: 'The base asset of a cell.' })
  get base(): string | null {
    const { line } = this.#data;
    return line.kind === 'CELL' ? line.base : null;
  }

  @Field(() => String, { nullable: true, description: 'The quote asset of a cell.' })
  get quote(): string | null {
    const { line } = this.#data;
    return line.kind === 'CELL' ? line.quote : null;
  }

  @Field(() => String, {
    nullable: true,
    description: 'The asset that a figure or a balance is of.',
  })
  get asset(): string | null {
    const { line } = this.#data;
    return 'asset' in line ? line.asset : null;
  }

  @Field(() => String, {
    description:
      'The unit of a value as it is stored or derived: a name of MatrixUnit, BASIS_POINTS, or the symbol of the asset that a price or a worth is in. COUNT and transforms have units of their own.',
  })
  get unit(): string {
    return unitOfLine(this.#data.line, this.#numeraire);
  }

  @Costs(costOfValues)
  @Field(() => FloatSeries, { description: 'By bucket; null where the line has no value.' })
  async values(
    @Ctx() { pace }: Context,
    @Arg('of', () => AggregateEnum, {
      defaultValue: 'LAST',
      description: "What is made of a bucket's values.",
    })
    of: Aggregate,
    @Arg('transform', () => [TransformInput], {
      nullable: true,
      description: `What is made of that, one after another, at most ${LONGEST_CHAIN}.`,
    })
    transform: TransformInput[] | null | undefined,
    @Arg('digits', () => Int, {
      nullable: true,
      description:
        'Significant digits, 1 to 17; without it the shortest text that reads back as the same double.',
    })
    digits: number | null | undefined,
  ): Promise<SeriesValues> {
    const shown = readDigits(digits);
    const chain = readChain(transform ?? []);
    const column = await transformed(this.#data.values(of), chain, pace);
    return new SeriesValues(column, shown).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description: 'By bucket: at how many of its turns the line was stale.',
  })
  staleCounts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.staleCounts).prepared(pace);
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'How many runs of turns along one path there are: 1 where it never changed; null for what is no rate.',
  })
  get pathCount(): number | null {
    return this.#data.pathCount;
  }

  @Costs(({ first }) => values(numberOf(first, DEFAULT_RUNS)))
  @Field(() => [PathSpanType], {
    nullable: true,
    description: 'The paths of a rate, run by run, oldest first; null for what is no rate.',
  })
  paths(
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_RUNS,
      description: `How many, at most ${MOST_RUNS}.`,
    })
    first: number,
  ): readonly PathSpanType[] | null {
    const { paths, pathCount } = this.#data;
    return pathCount === null ? null : paths.slice(0, readCount(first));
  }

  @Costs(({ first }) => values(numberOf(first, DEFAULT_RUNS)))
  @Field(() => [NullSpanType], {
    nullable: true,
    description: 'Where the line has no value, and why, run by run, oldest first.',
  })
  nulls(
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_RUNS,
      description: `How many, at most ${MOST_RUNS}.`,
    })
    first: number,
  ): readonly NullSpanType[] {
    return this.#data.nulls.slice(0, readCount(first));
  }
}

@ObjectType('Series', {
  description:
    'Lines over a range of time, in buckets: columns of numbers, each as long as `starts`. Buckets are `[k * every, (k + 1) * every)` since 1970-01-01T00:00Z by observedAt (whole weeks: since Monday 1970-01-05), the same in every answer.',
})
export class SeriesType {
  readonly #data: SeriesData;

  constructor(data: SeriesData) {
    this.#data = data;
  }

  @Field(() => SpanText, { description: 'How long a bucket is; "turn": one point a turn.' })
  get every(): string {
    return formatSpan(this.#data.every);
  }

  @Field(() => String, {
    nullable: true,
    description:
      'The asset that prices and worths are in; null where there are none. Without `in`, the quant base of the newest turn in the range.',
  })
  get in(): string | null {
    return this.#data.in;
  }

  @Field(() => DateTime, {
    nullable: true,
    description: 'Where the range begins, cut to what is stored and widened to whole buckets.',
  })
  get from(): Date | null {
    return dateOf(this.#data.from);
  }

  @Field(() => DateTime, { nullable: true, description: 'Where the range ends: not within it.' })
  get to(): Date | null {
    return dateOf(this.#data.to);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description: 'By bucket: its start, milliseconds since 1970; for one point a turn, observedAt.',
  })
  starts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.starts).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'By bucket: how many turns are in it.' })
  counts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.counts).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'By bucket: its first turn; null where it is empty.' })
  firstTurns(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.firstTurns).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'By bucket: its last turn; null where it is empty.' })
  lastTurns(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.lastTurns).prepared(pace);
  }

  @Field(() => Boolean, {
    description:
      'Whether the last bucket can get no more turns: one observed at or past its end is stored.',
  })
  get lastIsFinal(): boolean {
    return this.#data.lastIsFinal;
  }

  // They are counted where the series is asked for.
  @Costs(FEW)
  @Field(() => [SeriesLineType], { description: 'The lines, in the order asked for.' })
  get lines(): readonly SeriesLineType[] {
    return this.#data.lines.map((line) => new SeriesLineType(line, this.in));
  }

  @Field(() => ReadPlanType, { nullable: true, description: 'What was read for this answer.' })
  get plan(): ReadPlanType {
    return this.#data.plan;
  }
}

/** So many values of a window are looked at in the time in which one becomes text. */
const WINDOW_VALUES_OF_A_TEXT = 100;

/** Each window is worked out anew at each point. */
function costOfValues(args: Arguments, place: Place): FieldCost {
  const chain = Array.isArray(args['transform']) ? (args['transform'] as Transform[]) : [];
  const lengths = chain.map(({ length }) => (length ?? 0) / WINDOW_VALUES_OF_A_TEXT);
  const { cells } = place;
  const work = cells * (1 + lengths.reduce((sum, length) => sum + length, 0));
  return { ...TABLE(args, { ...place, cells: Math.ceil(work) }) };
}

/** A column as it comes out of a chain of transforms. */
async function transformed(
  column: Float64Array,
  chain: readonly Transform[],
  pace: Pace,
): Promise<Float64Array> {
  if (chain.length === 0) return column;
  const step = stepOf(chain);
  const result = new Float64Array(column.length);
  for (let at = 0; at < column.length; at++) {
    if (pace.isSpent) await pace.next();
    result[at] = step(column[at] as number);
  }
  return result;
}

/** @throws a BAD_USER_INPUT error for a transform that is none */
function readChain(chain: readonly Transform[]): readonly Transform[] {
  if (chain.length > LONGEST_CHAIN) {
    throw badUserInput('transform', `expected at most ${LONGEST_CHAIN}, not ${chain.length}`);
  }
  for (const each of chain) {
    const fault = faultOfTransform(each);
    if (fault) throw badUserInput('transform', `length ${fault.words}`);
  }
  return chain;
}

function readCount(first: number): number {
  if (first >= 1 && first <= MOST_RUNS) return first;
  throw badUserInput('first', `expected 1 to ${MOST_RUNS}, not ${first}`);
}

function dateOf(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
