import { tradingPairs, type Pair, type Universe } from '../domain/asset.js';
import type { ExchangeInfo } from './parse.js';
import { DEFAULT_WEIGHT_LIMIT } from './weight.js';

const HOUR = 3_600_000;
/** How soon it is read again after something did not fit it, or after a refresh failed. */
const SOON = 60_000;

/**
 * What the exchange lists of the universe, as exchangeInfo last said. Read again hourly, or sooner
 * when tickers do not agree with it.
 */
export class Listing {
  readonly #universe: Universe;
  #pairs: readonly Pair[] | null = null;
  #weightLimit = DEFAULT_WEIGHT_LIMIT;
  #readAgainAt = 0;
  readonly #unknown = new Set<string>();

  constructor(universe: Universe) {
    this.#universe = universe;
  }

  /** The trading pairs without those that the exchange did not know; null before the first read. */
  get pairs(): readonly Pair[] | null {
    return this.#pairs?.filter(({ symbol }) => !this.#unknown.has(symbol)) ?? null;
  }

  get weightLimit(): number {
    return this.#weightLimit;
  }

  /** How many symbols a turn asks for: at most one for every two assets while nothing is known. */
  get expectedSymbols(): number {
    const { length } = this.#universe;
    return this.pairs?.length ?? (length * (length - 1)) / 2;
  }

  isDue(now: number): boolean {
    return now >= this.#readAgainAt;
  }

  update({ listings, weightLimit }: ExchangeInfo, now: number): void {
    this.#pairs = tradingPairs(listings, this.#universe);
    this.#weightLimit = weightLimit ?? DEFAULT_WEIGHT_LIMIT;
    this.#unknown.clear();
    this.#readAgainAt = now + HOUR;
  }

  /** The read failed: the older one serves on for a while. */
  postpone(now: number): void {
    this.#readAgainAt = now + SOON;
  }

  /** Leaves a symbol out until exchangeInfo is read again. */
  markUnknown(symbol: string, now: number): void {
    this.#unknown.add(symbol);
    this.#readAgainAt = Math.min(this.#readAgainAt, now + SOON);
  }
}
