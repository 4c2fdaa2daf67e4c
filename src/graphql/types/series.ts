import { Ctx, Field, Float, ObjectType } from 'type-graphql';
import { formatSpan } from '../../domain/series/span.js';
import {
  originsOf,
  type ReadPlan,
  type SeriesData,
  type SeriesOrigin,
} from '../../history/series-data.js';
import type { Context } from '../context.js';
import { Costs, FEW, NAMES, TABLE } from '../field-traits.js';
import { dateOf, DateTime, FloatSeries, SpanText } from '../scalars.js';
import { ORIGINS, SeriesOriginEnum } from '../series-enums.js';
import { SeriesValues } from '../series-text.js';
import { SeriesLineType } from './series-line.js';

@ObjectType('ReadPlan', { description: 'What was read for an answer.' })
export class ReadPlanType implements ReadPlan {
  @Field(() => Float, {
    description:
      'How many turns were gone through; not those of past buckets that are kept from an earlier answer.',
  })
  turns!: number;

  @Field(() => Float, { description: 'How many sealed blocks anything was read of.' })
  blocks!: number;

  @Field(() => Float, { description: 'How many documents of cycles.' })
  documents!: number;

  @Field(() => Float, { description: 'How many bytes, as the database gave them.' })
  bytes!: number;

  @Field(() => Boolean, {
    description: 'Whether any of it was at hand from an earlier answer.',
  })
  fromKept!: boolean;
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
  @Field(() => FloatSeries, {
    description: 'By bucket: how many turns are in it; 0 for a backfilled one.',
  })
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

  @Costs(NAMES)
  @Field(() => [SeriesOriginEnum], ORIGINS)
  get origins(): readonly SeriesOrigin[] {
    return originsOf(this.#data);
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
