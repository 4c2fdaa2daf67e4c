import type { StrategyMode, StrategyTier } from '../../generated/operations.js';

/** Which asset leads. */
export const MODES: Readonly<Record<StrategyMode, string>> = {
  MOMENTUM: 'largest quant',
  REVERSION: 'smallest quant',
  NEUTRAL: 'largest ±quant',
};

/** How fast quants follow the market. */
export const TIERS: Readonly<Record<StrategyTier, string>> = {
  CONSERVATIVE: 'slow, α 0.2',
  STANDARD: 'middle, α 0.5',
  AGGRESSIVE: 'at once, α 1',
};
