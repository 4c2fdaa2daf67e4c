import { Ctx, Field, Float, ObjectType } from 'type-graphql';
import type { ContributionColumns } from '../../domain/attribution-buckets.js';
import type { AttributionData } from '../../history/attribution-reader.js';
import type { Context } from '../context.js';
import { Costs, FEW, TABLE } from '../field-traits.js';
import { FloatSeries } from '../scalars.js';
import { SeriesValues } from '../series-text.js';

@ObjectType('AttributionLine', {
  description:
    'What made a value change, by bucket, in units of the asset of the attribution: columns, each as long as `starts`.',
})
export class AttributionLineType {
  @Field(() => String, { nullable: true, description: 'Of which asset; null: of all together.' })
  readonly asset: string | null;

  readonly #columns: ContributionColumns;

  constructor(asset: string | null, columns: ContributionColumns) {
    this.asset = asset;
    this.#columns = columns;
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description: 'What the market did: the amount held before times the change of its price.',
  })
  price(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#columns.price).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description:
      'What came, went or was traded: the change of the amount times its price after it; all that changed where the balances come from another source. Never a gain.',
  })
  flow(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#columns.flow).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description:
      'The change of the value over steps at either end of which there was no price, or no amount that could be read; it counts 0 there.',
  })
  unpriced(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#columns.unpriced).prepared(pace);
  }
}

@ObjectType('Attribution', {
  description:
    'What made the value of the wallet change over a range of time. Price, flow and unpriced of all assets and buckets together are `endValue - startValue`, but for rounding.',
})
export class AttributionType {
  readonly #data: AttributionData;

  constructor(data: AttributionData) {
    this.#data = data;
  }

  @Field(() => String, { description: 'The asset that all is in.' })
  get in(): string {
    return this.#data.in;
  }

  @Field(() => Float, {
    description:
      'What the wallet was worth at the last turn at or before the range, or else at its first, in units of `in`: the sum over what had a price.',
  })
  get startValue(): number {
    return this.#data.startValue;
  }

  @Field(() => Float, {
    description: 'What it was worth at the last turn before the end of the range.',
  })
  get endValue(): number {
    return this.#data.endValue;
  }

  @Costs(TABLE)
  @Field(() => FloatSeries, {
    description:
      'By bucket: its start, milliseconds since 1970; for `every: "turn"`, observedAt; without `every` there is one bucket, from where the range begins.',
  })
  starts(@Ctx() { pace }: Context): Promise<SeriesValues> {
    return new SeriesValues(this.#data.starts).prepared(pace);
  }

  // They are counted where the attribution is asked for.
  @Costs(FEW)
  @Field(() => [AttributionLineType], {
    description: 'Each asset that was held at any turn, in the order in which they came.',
  })
  get assets(): readonly AttributionLineType[] {
    return [...this.#data.assets].map(([asset, line]) => new AttributionLineType(asset, line));
  }

  @Field(() => AttributionLineType, { description: 'All of them together.' })
  get total(): AttributionLineType {
    return new AttributionLineType(null, this.#data.total);
  }
}
