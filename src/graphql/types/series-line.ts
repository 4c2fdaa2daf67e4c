import { Arg, Ctx, Field, Int, ObjectType } from 'type-graphql';
import type { Aggregate } from '../../domain/series/aggregate.js';
import { faultOfTransform, stepOf, type Transform } from '../../domain/series/transform.js';
import type { NullSpan, PathSpan, SeriesLineData } from '../../history/series-data.js';
import type { Pace } from '../../scheduling/slices.js';
import { throwForCaller } from '../asked-lines.js';
import type { Context } from '../context.js';
import { RateSourceEnum } from '../enums.js';
import { AggregateEnum, NullReasonEnum } from '../series-enums.js';
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
import { nameOfLine, unitOfLine } from '../../domain/series/line-words.js';
import { Digits, readDigits } from '../round.js';
import { FloatSeries } from '../scalars.js';
import { SeriesValues } from '../series-text.js';
import { TransformInput } from './series-input.js';

/** How many runs of turns are told, where nothing is said. */
const DEFAULT_RUNS = 100;
const MOST_RUNS = 10_000;
/** How many transforms a chain has at most. */
const LONGEST_CHAIN = 8;

@ObjectType('PathSpan', {
  description: 'Neighbouring turns of the answer at which a rate was found along the same path.',
})
export class PathSpanType implements PathSpan {
  @Field(() => Int, { description: 'The first of these turns.' })
  fromTurn!: number;

  @Field(() => Int, { description: 'The last of these turns.' })
  toTurn!: number;

  @Field(() => RateSourceEnum, { description: 'How the rate was found.' })
  source!: PathSpan['source'];

  @Costs(FEW)
  @Field(() => [String], {
    description: 'The symbols of the legs, from base to quote; empty for an asset in itself.',
  })
  path!: readonly string[];
}

@ObjectType('NullSpan', {
  description: 'Neighbouring turns of the answer without a value, for one reason.',
})
export class NullSpanType implements NullSpan {
  @Field(() => Int, { description: 'The first of these turns.' })
  fromTurn!: number;

  @Field(() => Int, { description: 'The last of these turns.' })
  toTurn!: number;

  @Field(() => NullReasonEnum, { description: 'Why.' })
  reason!: NullSpan['reason'];
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
    return 'base' in line ? line.base : null;
  }

  @Field(() => String, { nullable: true, description: 'The quote asset of a cell.' })
  get quote(): string | null {
    const { line } = this.#data;
    return 'quote' in line ? line.quote : null;
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
      'The unit of a value as it is stored or derived: a name of MatrixUnit, BASIS_POINTS, PERCENT_A_YEAR, or the symbol of the asset that a price or a worth is in. COUNT and transforms have units of their own.',
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
    @Digits() digits: number | null | undefined,
  ): Promise<SeriesValues> {
    const shown = readDigits(digits);
    const chain = readChain(transform ?? []);
    if (of !== 'LAST') await this.#complete(pace);
    const column = await transformed(this.#data.values(of), chain, pace);
    return new SeriesValues(column, shown).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description:
      'By bucket: at how many of its turns with a value the line was stale; over a window, where any return of it was.',
  })
  async staleCounts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    await this.#complete(pace);
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
  async nulls(
    @Ctx() { pace }: Context,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_RUNS,
      description: `How many, at most ${MOST_RUNS}.`,
    })
    first: number,
  ): Promise<readonly NullSpanType[]> {
    const count = readCount(first);
    await this.#complete(pace);
    return this.#data.nulls.slice(0, count);
  }

  async #complete(pace: Pace): Promise<void> {
    await this.#data.complete?.(pace).catch(throwForCaller);
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
