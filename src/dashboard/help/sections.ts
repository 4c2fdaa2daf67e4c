import type { WordName } from './words.js';

interface Section {
  readonly title: string;
  readonly names: readonly WordName[];
}

/** The words as they belong together, in the order in which they are understood. */
export const SECTIONS: readonly Section[] = [
  { title: 'Time', names: ['turn', 'cycle', 'universe'] },
  { title: 'Rates', names: ['benchmark', 'path', 'stale', 'mid', 'take', 'spread'] },
  { title: 'Moves', names: ['delta', 'percent', 'pct', 'quantid'] },
  { title: 'Assets', names: ['strength', 'quant'] },
  { title: 'Strategy', names: ['lead', 'shift', 'imprint', 'grt', 'luggage'] },
  { title: 'Over a window', names: ['correlation', 'covariance', 'beta', 'volatility'] },
  { title: 'The whole', names: ['attribution', 'consistency'] },
];
