import { tradingPairs, type Pair, type Universe } from '../domain/asset.js';
import { ReadAgain } from '../pipeline/clock-leaps.js';
import type { Clock } from '../pipeline/ports.js';
import type { ExchangeInfo } from './parse.js';
import { DEFAULT_WEIGHT_LIMIT } from './weight.js';

const HOUR = 3_600_000;
/** How soon it is read again after something did not fit it, or after a refresh failed. */
const SOON = 60_000;

/**
 * What the exchange lists of the universe, as exchangeInfo last said. Read again hourly, or sooner
 * when tickers do not agree with it, or at once when our clock has leapt.
 */
export class Listing {
  readonly #universe: Universe;
  #pairs: readonly Pair[] | null = null;
  #weightLimit = DEFAULT_WEIGHT_LIMIT;
  readonly #readAgain: ReadAgain;
  readonly #unknown = new Set<string>();

  constructor(universe: Universe, clock: Clock) {
    this.#universe = universe;
    this.#readAgain = new ReadAgain(clock);
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

  get isDue(): boolean {
    return this.#readAgain.isDue;
  }

  update({ listings, weightLimit }: ExchangeInfo): void {
    this.#pairs = tradingPairs(listings, this.#universe);
    this.#weightLimit = weightLimit ?? DEFAULT_WEIGHT_LIMIT;
    this.#unknown.clear();
    this.#readAgain.after(HOUR);
  }

  /** The read failed: the older one serves on for a while. */
  postpone(): void {
    this.#readAgain.after(SOON);
  }

  /** Leaves a symbol out until exchangeInfo is read again. */
  markUnknown(symbol: string): void {
    this.#unknown.add(symbol);
    this.#readAgain.within(SOON);
  }
}
