/** What something of this page is called, and what it is in a sentence. */
export interface Word {
  readonly title: string;
  /** How it is written in formulas and narrow headers, where that differs. */
  readonly symbol?: string;
  readonly sentence: string;
}

/** Every word that the page explains, in the order in which they are understood. */
export const WORDS = {
  turn: {
    title: 'Turn',
    sentence:
      'One beat of the engine, and its number: every few seconds it asks the exchange once; numbers count 1, 2, 3, … and are never used twice.',
  },
  cycle: {
    title: 'Cycle',
    sentence:
      'What a turn has completed, as it is stored: all prices of one moment, the balances, and what follows from them.',
  },
  universe: {
    title: 'Universe',
    sentence:
      'The assets that are looked at, in the order of the matrices; the setting ASSETS names them.',
  },
  benchmark: {
    title: 'Benchmark',
    symbol: 'B',
    sentence: 'The rate: how many units of the quote (column) one unit of the base (row) costs.',
  },
  path: {
    title: 'Path and cross rate',
    sentence:
      'A pair that the exchange lists has its own price; one that it does not list has the product of the prices along the path of fewest listed pairs: a cross rate.',
  },
  stale: {
    title: 'Stale',
    sentence:
      'A rate whose oldest price is older than the setting STALE_AFTER_MS: it may not be what the market would say now.',
  },
  delta: {
    title: 'Delta',
    symbol: 'Δ',
    sentence: 'How much the rate is above or below that of 24 hours ago, in units of the quote.',
  },
  percent: {
    title: 'Percent',
    symbol: 'Δ%',
    sentence: 'How much the rate has moved in 24 hours, as a part of what it was.',
  },
  pct: {
    title: 'Change',
    symbol: 'ΔΔ%',
    sentence: 'How much Δ% has moved since the turn before, in percentage points.',
  },
  quantid: {
    title: 'Quantid',
    symbol: 'k',
    sentence:
      'The move weighed by how far it has already gone, over the largest one of the whole matrix: from −1 to +1.',
  },
  strength: {
    title: 'Strength',
    sentence:
      'How an asset has moved in 24 hours against the mean of all others, whatever it is quoted in.',
  },
  quant: {
    title: 'Quant',
    sentence:
      'The mean of the quantids of an asset against all others, smoothed over the turns as the tier says: from −1 to +1.',
  },
  lead: {
    title: 'Lead quant',
    sentence:
      'The asset that leads: the one with the largest quant, the smallest, or the largest either way, as the mode says.',
  },
  shift: {
    title: 'Shift',
    sentence: "How much the lead's quant has moved since the turn before.",
  },
  imprint: {
    title: 'Imprint',
    sentence:
      'What the lead has done since it took over: its price now over its price then. The strategy waits for a lead that has left its mark before it counts on it.',
  },
  grt: {
    title: 'Growth of the turn',
    symbol: 'grt',
    sentence:
      'What the market made of the wallet since the turn before, in percent; what was paid in or out is no growth.',
  },
  luggage: {
    title: 'Luggage',
    sentence:
      'What the wallet carried away of the lead: the growth of all turns since it took over, multiplied up.',
  },
  mid: {
    title: 'MID',
    sentence: 'Between the best bid and the best ask: a fair price, at which nobody trades.',
  },
  take: {
    title: 'TAKE',
    sentence:
      'What selling one unit brings now, at the best bid and less the fee; of the top of the book, without its depth.',
  },
  spread: {
    title: 'Spread',
    sentence: 'How far the best ask is above the best bid, in basis points of what lies between.',
  },
  consistency: {
    title: 'Consistency',
    sentence:
      'How far the market is from one price for each pair: a listed pair against the best way round over a third asset, in basis points.',
  },
  correlation: {
    title: 'Correlation',
    sentence:
      'Whether two assets moved together over a window: +1 in step, 0 without relation, −1 against each other.',
  },
  covariance: {
    title: 'Covariance',
    sentence: 'How much two assets moved together over a window, for one of its buckets.',
  },
  beta: {
    title: 'Beta',
    sentence: 'How much an asset moved, on average, for each move of another one.',
  },
  volatility: {
    title: 'Volatility',
    sentence: 'How much the price of an asset swings, in percent a year.',
  },
  attribution: {
    title: 'Attribution',
    sentence:
      'What made the value of the wallet change: what the market did (price), and what came, went or was traded (flow).',
  },
} as const satisfies Readonly<Record<string, Word>>;

export type WordName = keyof typeof WORDS;
