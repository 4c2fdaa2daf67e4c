import { Field, Float, InputType, Int } from 'type-graphql';
import type { LineKind } from '../../alerts/line-parts.js';
import type { MatrixKind } from '../../domain/matrix.js';
import type { RatePrice } from '../../domain/rates/trade-price.js';
import type { AssetFigure, ConsistencyFigure, StrategyFigure } from '../../domain/series/line.js';
import type { WindowKind } from '../../domain/window/window-matrix.js';
import { LONGEST_LAG, MOST_BUCKETS } from '../../history/window-reader.js';
import { LineKindEnum } from '../alert-enums.js';
import { MatrixKindEnum, RatePriceEnum, WindowKindEnum } from '../enums.js';
import { AssetFigureEnum, ConsistencyFigureEnum, StrategyFigureEnum } from '../series-enums.js';
import { SpanText } from '../scalars.js';
import { FEE_DESCRIPTION } from '../trade-arguments.js';
import { CHANNELS_DESCRIPTION, ChannelInputType } from './alert-channel.js';

@InputType('LineInput', {
  description:
    'A line: one number a turn, as series have it. What of the other fields it takes, its kind says; all others are refused.',
})
export class LineInput {
  @Field(() => LineKindEnum, { description: 'What the number is of.' })
  kind!: LineKind;

  @Field(() => MatrixKindEnum, {
    nullable: true,
    description: 'CELL: of which matrix; without it, ID_BENCHMARK.',
  })
  matrix?: MatrixKind | null;

  @Field(() => String, { nullable: true, description: 'CELL, WINDOW: the base asset, the row.' })
  base?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'CELL, WINDOW: the quote asset, the column.',
  })
  quote?: string | null;

  @Field(() => RatePriceEnum, {
    nullable: true,
    description: 'CELL of ID_BENCHMARK, WALLET, BALANCE: at which prices; without it, LAST.',
  })
  price?: RatePrice | null;

  @Field(() => Float, { nullable: true, description: `With price ${FEE_DESCRIPTION}` })
  feeBps?: number | null;

  @Field(() => String, { nullable: true, description: 'ASSET, BALANCE: which asset.' })
  asset?: string | null;

  @Field(() => AssetFigureEnum, { nullable: true, description: 'ASSET: which of its figures.' })
  figure?: AssetFigure | null;

  @Field(() => String, {
    nullable: true,
    description:
      'ASSET at PRICE and VOLATILITY, WALLET, BALANCE, WINDOW: the asset that it is priced in. Without it, the quant base: for a rule that is stored, that of the newest turn when it is saved; for a test, that of the newest turn in its range.',
  })
  in?: string | null;

  @Field(() => StrategyFigureEnum, { nullable: true, description: 'STRATEGY: which figure.' })
  strategy?: StrategyFigure | null;

  @Field(() => ConsistencyFigureEnum, { nullable: true, description: 'CONSISTENCY: which figure.' })
  consistency?: ConsistencyFigure | null;

  @Field(() => WindowKindEnum, { nullable: true, description: 'WINDOW: which figure.' })
  window?: WindowKind | null;

  @Field(() => SpanText, {
    nullable: true,
    description: `WINDOW, and ASSET at VOLATILITY: how long the window is, 3 to ${MOST_BUCKETS} times step.`,
  })
  over?: string | null;

  @Field(() => SpanText, {
    nullable: true,
    description: 'WINDOW, and ASSET at VOLATILITY: how long a bucket of the window is.',
  })
  step?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `WINDOW: how many buckets earlier the returns of the quote are taken, 0 to ${LONGEST_LAG}; without it, 0.`,
  })
  lag?: number | null;
}

@InputType('ConditionInput', {
  description:
    'What is watched for in the values v of a line: exactly one of above, below, crosses and movesPercent, the last one with within.',
})
export class ConditionInput {
  @Field(() => Float, {
    nullable: true,
    description: 'v > above, in units of the line: fires where it becomes true.',
  })
  above?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'v < below, in units of the line: fires where it becomes true.',
  })
  below?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'A level, in units of the line: fires each time that v has come from one side of it to the other. A value that is the level itself is on neither.',
  })
  crosses?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Percent, above 0: abs(100 * (v / w - 1)) >= movesPercent, up or down, w being the value at the last turn that was observed at least within before, and at most twice that. Fires where it becomes true. It cannot be told, and changes nothing, where there is no such turn, w has no value or is 0, or v / w < 0.',
  })
  movesPercent?: number | null;

  @Field(() => SpanText, {
    nullable: true,
    description: 'movesPercent: over how long; required for it, and refused for the others.',
  })
  within?: string | null;
}

@InputType('AlertInput', { description: 'A rule: which line is watched, and for what.' })
export class AlertInput {
  @Field(() => String, { description: 'What it is called, for people: 1 to 100 characters.' })
  name!: string;

  @Field(() => LineInput, { description: 'What is watched.' })
  line!: LineInput;

  @Field(() => ConditionInput, { description: 'What for.' })
  condition!: ConditionInput;

  @Field(() => SpanText, {
    nullable: true,
    description:
      'How far apart firings are at least, by observedAt; what becomes true sooner is passed over, not delayed. Without it, they may follow each other.',
  })
  cooldown?: string | null;

  @Field(() => [ChannelInputType], {
    nullable: true,
    description: `${CHANNELS_DESCRIPTION} A test tells nobody.`,
  })
  channels?: ChannelInputType[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is watched for; without it, it is. A test is made all the same.',
  })
  enabled?: boolean | null;
}
