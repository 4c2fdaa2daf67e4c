import { registerEnumType } from 'type-graphql';
import { CHANNEL_KINDS, CHANNEL_PROBLEMS } from '../alerts/channels/channel.js';
import { LINE_KINDS } from '../alerts/line-parts.js';
import { CONVERSION_NULLS } from '../domain/conversion.js';
import { KIND_COUNT, MATRICES, MATRIX_KINDS } from '../domain/matrix.js';
import { RATE_PRICES } from '../domain/rates/trade-price.js';
import { AGGREGATES } from '../domain/series/aggregate.js';
import { ASSET_FIGURES, CONSISTENCY_FIGURES, STRATEGY_FIGURES } from '../domain/series/line.js';
import { NULL_REASONS } from '../domain/series/null-reasons.js';
import { TRANSFORM_KINDS } from '../domain/series/transform.js';
import { WINDOW_KINDS } from '../domain/window/window-matrix.js';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../domain/strategy.js';

/** GraphQL enums are named objects; values and names are the same. */
function enumOf<Name extends string>(
  names: readonly Name[],
  name: string,
  description: string,
  values: Readonly<Record<Name, string>>,
): { readonly [Key in Name]: Key } {
  const members = Object.fromEntries(names.map((key) => [key, key])) as { [Key in Name]: Key };
  const valuesConfig = Object.fromEntries(
    names.map((key) => [key, { description: values[key] }]),
  ) as Record<Name, { description: string }>;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

function mapOf<Name extends string>(
  names: readonly Name[],
  valueOf: (name: Name) => string,
): Readonly<Record<Name, string>> {
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<Name, string>;
}

export const MatrixKindEnum = enumOf(
  MATRIX_KINDS,
  'MatrixKind',
  `The ${KIND_COUNT} kinds of matrix.`,
  mapOf(MATRIX_KINDS, (kind) => MATRICES[kind].description),
);

export const MatrixUnitEnum = enumOf(
  ['QUOTE_PER_BASE', 'PERCENT', 'PERCENTAGE_POINTS', 'NONE'],
  'MatrixUnit',
  'The unit of the cells of a matrix.',
  {
    QUOTE_PER_BASE: 'Units of the quote asset per one unit of the base asset.',
    PERCENT: 'Percent.',
    PERCENTAGE_POINTS: 'Percentage points: a difference of percentages.',
    NONE: 'A number without unit.',
  },
);

export const RateSourceEnum = enumOf(
  ['IDENTITY', 'DIRECT', 'INVERSE', 'CROSS'],
  'RateSource',
  'How a rate was found.',
  {
    IDENTITY: 'Base and quote are the same asset.',
    DIRECT: 'The pair base/quote is listed: its price.',
    INVERSE: 'The pair quote/base is listed: one over its price.',
    CROSS:
      'Neither is listed: the product of the legs along the best path (fewest legs, then the smallest sum of relative spreads, then the symbol names).',
  },
);

export const WindowKindEnum = enumOf(
  WINDOW_KINDS,
  'WindowKind',
  'What is made of the logarithmic returns of two assets over a window, r_i of the base and r_j of the quote, over the buckets where both have one; null of fewer than 3.',
  {
    CORRELATION: "Pearson's, without unit, in [-1, 1]; null where one of them does not vary.",
    COVARIANCE: "The sample's (n - 1), without unit, for one bucket.",
    BETA: 'Covariance over the variance of r_j, without unit; null where r_j does not vary.',
  },
);

export const RatePriceEnum = enumOf(
  RATE_PRICES,
  'RatePrice',
  'At which prices of its legs a rate is taken, along the same path. MID and TAKE are of the top of the book, without depth: how much can be traded at them is not known. Null where bid or ask of a leg is not known.',
  {
    LAST: 'The last traded price.',
    MID: 'Between bid and ask: (bid + ask) / 2 of a leg as listed, one over it the other way.',
    TAKE: 'What selling one base brings now: the bid of a leg as listed, 1 / ask the other way, each less feeBps.',
  },
);

export const ConversionReasonEnum = enumOf(
  CONVERSION_NULLS,
  'ConversionReason',
  'Why an amount cannot be converted.',
  {
    NO_PATH: 'No path of listed pairs joins the two assets.',
    NO_BID_ASK: 'Bid or ask of a leg is not known.',
  },
);

export const ExchangeKindEnum = enumOf(
  ['BINANCE', 'SIMULATED', 'REPLAY'],
  'ExchangeKind',
  'Where prices come from.',
  {
    BINANCE: "Binance's spot market.",
    SIMULATED: 'A made-up market inside this program: no real prices.',
    REPLAY: 'A recording: prices that were real once.',
  },
);

export const DatabaseKindEnum = enumOf(
  ['EMBEDDED', 'EXTERNAL'],
  'DatabaseKind',
  'Where cycles are stored.',
  {
    EMBEDDED: 'The MongoDB engine that comes with this program.',
    EXTERNAL: 'The MongoDB server that MONGO_URI names.',
  },
);

export const WalletSourceEnum = enumOf(
  ['ACCOUNT', 'PAPER'],
  'WalletSource',
  'Where balances come from.',
  {
    ACCOUNT: 'The account at the exchange.',
    PAPER: 'The PAPER_WALLET setting: nothing that anybody owns.',
  },
);

export const StrategyTierEnum = enumOf(
  STRATEGY_TIERS,
  'StrategyTier',
  'How fast quants follow the market: the α of quant(t) = α * rowMean + (1 - α) * quant(t - 1).',
  { CONSERVATIVE: 'α = 0.2.', STANDARD: 'α = 0.5.', AGGRESSIVE: 'α = 1: no smoothing.' },
);

export const StrategyModeEnum = enumOf(
  STRATEGY_MODES,
  'StrategyMode',
  'Which asset leads. Ties go to the earlier asset of the universe.',
  {
    NEUTRAL: 'The one with the largest abs(quant).',
    MOMENTUM: 'The one with the largest quant.',
    REVERSION: 'The one with the smallest quant.',
  },
);

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

export const LineKindEnum = enumOf(
  LINE_KINDS,
  'LineKind',
  'What the number of a line is of. Its value at a turn is what cycle(turn:) answers.',
  {
    CELL: 'A cell of one of the five matrices.',
    ASSET: 'A figure of an asset.',
    WALLET: 'What the wallet is worth.',
    BALANCE: 'What one balance of the wallet is worth.',
    STRATEGY: 'A figure of the strategy.',
    CONSISTENCY: 'How far the frame is from one price for each pair.',
    WINDOW: 'A cell of a matrix over a window.',
  },
);

export const ChannelKindEnum = enumOf(CHANNEL_KINDS, 'ChannelKind', 'A kind of receiver.', {
  WEBHOOK: 'A program: a POST of JSON, signed as Standard Webhooks has it.',
  TELEGRAM: 'A chat, by a bot.',
  DISCORD: 'A channel of Discord, by its incoming webhook.',
  SLACK: 'A channel of Slack, or of what takes the same, by its incoming webhook.',
});

export const ChannelProblemEnum = enumOf(
  CHANNEL_PROBLEMS,
  'ChannelProblem',
  'Why a channel is off.',
  {
    SECRET_UNREADABLE: 'Its secret was stored under another key, or is damaged.',
    GONE: 'The receiver said that it is gone for good (410).',
    UNREACHABLE: 'A day of attempts came to nothing.',
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
