import { AGGREGATES } from '../domain/series/aggregate.js';
import { ASSET_FIGURES, CONSISTENCY_FIGURES, STRATEGY_FIGURES } from '../domain/series/line.js';
import { NULL_REASONS } from '../domain/series/null-reasons.js';
import { TRANSFORM_KINDS } from '../domain/series/transform.js';
import { SERIES_ORIGINS } from '../history/series-data.js';
import { enumOf } from './enum-of.js';

export const SeriesOriginEnum = enumOf(
  SERIES_ORIGINS,
  'SeriesOrigin',
  'Where the values of a bucket are from.',
  {
    RECORDED: 'The turns in it; an empty bucket too.',
    BACKFILLED:
      "The exchange's closes, one a minute, as `dynamics backfill` read them afterwards: no turn is in it. A close counts for the bucket in which its minute ends.",
  },
);

/** The field of answers in buckets that lists them. */
export const ORIGINS = {
  nullable: true,
  description:
    'By bucket: where its values are from. BACKFILLED only for last rates of ID_BENCHMARK, directly, inversely or over two legs, where no turn was recorded: MIN, MAX, MEAN, COUNT and the like are then those of the closes.',
} as const;

export const AggregateEnum = enumOf(
  AGGREGATES,
  'Aggregate',
  'What is made of the values of a line in a bucket, over the turns at which it has one, in turn order.',
  {
    LAST: 'The last one.',
    FIRST: 'The first one.',
    MIN: 'The smallest.',
    MAX: 'The largest.',
    MEAN: 'Their sum, added from the first to the last, over their count.',
    COUNT: 'How many there are: 0 for an empty bucket. Without unit.',
  },
);

export const TransformKindEnum = enumOf(
  TRANSFORM_KINDS,
  'TransformKind',
  'What is made of the values of an answer, in their order. Where there is no value there is none after it; what is not finite is null, and enters nothing that follows.',
  {
    DIFFERENCE: "v - v', v' being the value before; null for the first.",
    LOG_RETURN: "ln(v / v'), v' being the value before: without unit; null for the first.",
    CUMULATIVE_PERCENT: '100 * (v / first - 1), percent.',
    MOVING_AVERAGE:
      'The mean of the last `length` values, this one included; null for the first length - 1.',
    EWMA: "α * v + (1 - α) * e', α = 2 / (length + 1), e' what came out before; begins with the first value.",
    ZSCORE:
      'How many sample deviations v is above the mean, over the last `length` values, this one included: without unit; null for the first length - 1, and where all are equal.',
  },
);

export const AssetFigureEnum = enumOf(ASSET_FIGURES, 'AssetFigure', 'A figure of an asset.', {
  STRENGTH: 'How it moved against the mean of all others over the rolling 24 h: percent.',
  QUANT: 'The smoothed mean of its QUANTID row: without unit, in [-1, 1].',
  PRICE: 'Its rate in another asset, units of that per one.',
  VOLATILITY:
    'How much its price in another asset moved over a window, as Asset.volatility has it: percent a year.',
});

export const StrategyFigureEnum = enumOf(
  STRATEGY_FIGURES,
  'StrategyFigure',
  'A figure of the strategy, as StrategyAux has it.',
  {
    QUANT: "The lead's quant: without unit, in [-1, 1].",
    SHIFT: "The lead's quant minus its quant at the turn before: without unit.",
    GRT: 'The growth of the turn: percent.',
    IMPRINT: "The lead's price over its price when it took over: a ratio.",
    LUGGAGE: 'What the wallet carried away of it: a ratio.',
  },
);

export const ConsistencyFigureEnum = enumOf(
  CONSISTENCY_FIGURES,
  'ConsistencyFigure',
  'How far a frame is from one price for each pair, as Consistency has it.',
  {
    MEDIAN_BPS: 'The median over the listed pairs: basis points.',
    MAX_BPS: 'The largest: basis points.',
  },
);

export const NullReasonEnum = enumOf(
  NULL_REASONS,
  'NullReason',
  'Why a line has no value at some turns.',
  {
    UNREADABLE: 'The turn is stored and cannot be read.',
    NOT_IN_UNIVERSE: "An asset of the line is not in the turn's universe.",
    NO_PATH: 'No path of listed pairs joins the two assets.',
    NO_BID_ASK: 'At MID and TAKE: bid or ask of a leg is not known.',
    NO_TURN_BEFORE: 'There is no turn before, against which it is held.',
    NO_VALUE_BEFORE: 'The turn before, against which it is held, has no value or cannot be had.',
    NOT_HELD: 'The wallet holds nothing of the asset.',
    TOO_FEW_RETURNS:
      'The window has fewer than 3 returns: nothing was stored so early, or the assets have no price.',
    NO_VALUE: 'The figure itself has no value at the turn.',
  },
);
