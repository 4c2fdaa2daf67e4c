import DataLoader from 'dataloader';
import type { CycleFigures } from '../domain/cycle.js';
import type { CycleFeed } from '../pipeline/cycle-feed.js';

/** The reads of one operation, batched: a fresh set for each operation and subscription event. */
export interface Loaders {
  /** Stored cycles by turn; null where a turn is not stored. */
  readonly cycles: DataLoader<number, CycleFigures | null>;
}

/** Makes the loaders of one operation. */
export function createLoaders(feed: CycleFeed): Loaders {
  return { cycles: new DataLoader((turns: readonly number[]) => feed.load(turns)) };
}
