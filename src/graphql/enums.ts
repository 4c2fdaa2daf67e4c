import { registerEnumType } from 'type-graphql';
import { KIND_COUNT, MATRICES, MATRIX_KINDS } from '../domain/matrix.js';
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
