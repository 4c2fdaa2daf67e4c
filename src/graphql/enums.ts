import { CONVERSION_NULLS } from '../domain/conversion.js';
import { KIND_COUNT, MATRICES, MATRIX_KINDS } from '../domain/matrix.js';
import { RATE_PRICES } from '../domain/rates/trade-price.js';
import { WINDOW_KINDS } from '../domain/window/window-matrix.js';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../domain/strategy.js';
import { EXCHANGE_TROUBLES } from '../market/exchange-trouble.js';
import { enumOf, mapOf } from './enum-of.js';

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

export const ExchangeTroubleEnum = enumOf(
  EXCHANGE_TROUBLES,
  'ExchangeTroubleCode',
  'What may keep the exchange from being read.',
  {
    NO_NAME: 'The name of its host is not found: no network, or no name server.',
    NO_CONNECTION: 'There is no connection to it, or it breaks.',
    NO_ANSWER: 'It does not answer in time.',
    NOT_TRUSTED: 'Its certificate is not trusted, as where a proxy shows one of its own.',
    REGION: 'It does not serve the region of this address (HTTP 451).',
    REFUSED: 'It, or something between, refuses this address (HTTP 401, 403 or 407).',
    SILENCED:
      'It wants no calls for a while (HTTP 418 or 429), or what it allows in a minute is used.',
    ACCOUNT: 'The account cannot be read with these keys.',
    NOT_THE_API: "What answers is not Binance's spot API.",
    DOWN: 'It has trouble of its own (HTTP 5xx).',
    OTHER: 'Anything else.',
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

export const RoleEnum = enumOf(['VIEWER', 'OPERATOR'], 'Role', 'What a caller may do.', {
  VIEWER: 'Reads and subscribes.',
  OPERATOR: 'Runs mutations, too.',
});
