import { Ctx, Field, ObjectType } from 'type-graphql';
import type { Aggregate } from '../../domain/series/aggregate.js';
import { formatSpan } from '../../domain/series/span.js';
import type { Pace } from '../../scheduling/slices.js';
import {
  originsOf,
  type SeriesData,
  type SeriesLineData,
  type SeriesOrigin,
} from '../../history/series-data.js';
import type { Context } from '../context.js';
import { Costs, FEW, NAMES, TABLE } from '../field-traits.js';
import { Digits, readDigits } from '../round.js';
import { FloatSeries, SpanText } from '../scalars.js';
import { ORIGINS, SeriesOriginEnum } from '../series-enums.js';
import { SeriesValues } from '../series-text.js';

@ObjectType('CandleLine', {
  description:
    'The candles of one cell, in quote per base, by bucket: each column is as long as `starts`, null where the cell has no rate in the bucket.',
})
export class CandleLineType {
  readonly #data: SeriesLineData;
  @Field(() => String, { description: 'The base asset.' })
  readonly base: string;
  @Field(() => String, { description: 'The quote asset.' })
  readonly quote: string;

  constructor(data: SeriesLineData, base: string, quote: string) {
    this.#data = data;
    this.base = base;
    this.quote = quote;
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'The first rate of each bucket, in turn order.' })
  open(@Ctx() { pace }: Context, @Digits() digits?: number | null): Promise<SeriesValues> {
    return this.#column('FIRST', digits, pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'The highest rate of each bucket.' })
  high(@Ctx() { pace }: Context, @Digits() digits?: number | null): Promise<SeriesValues> {
    return this.#column('MAX', digits, pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'The lowest rate of each bucket.' })
  low(@Ctx() { pace }: Context, @Digits() digits?: number | null): Promise<SeriesValues> {
    return this.#column('MIN', digits, pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'The last rate of each bucket, in turn order.' })
  close(@Ctx() { pace }: Context, @Digits() digits?: number | null): Promise<SeriesValues> {
    return this.#column('LAST', digits, pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description:
      'At how many turns of each bucket there is a rate; of a backfilled one, at how many minutes.',
  })
  counts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return this.#column('COUNT', null, pace);
  }

  #column(of: Aggregate, digits: number | null | undefined, pace: Pace): Promise<SeriesValues> {
    return new SeriesValues(this.#data.values(of), readDigits(digits)).prepared(pace);
  }
}

@ObjectType('CandleSeries', {
  description:
    'Candles over a range of time. Buckets are those of Series: the same in every answer.',
})
export class CandleSeriesType {
  readonly #data: SeriesData;

  constructor(data: SeriesData) {
    this.#data = data;
  }

  @Field(() => SpanText, { description: 'How long a bucket is.' })
  get every(): string {
    return formatSpan(this.#data.every);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, { description: 'By bucket: its start, milliseconds since 1970.' })
  starts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.starts).prepared(pace);
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

  // They are counted where the candles are asked for.
  @Costs(FEW)
  @Field(() => [CandleLineType], { description: 'The cells, in the order asked for.' })
  get lines(): readonly CandleLineType[] {
    return this.#data.lines.flatMap((data) => {
      const { line } = data;
      return line.kind === 'CELL' ? [new CandleLineType(data, line.base, line.quote)] : [];
    });
  }
}
