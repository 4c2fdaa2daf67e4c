import type { ListedPair, Pair, Universe } from '../../domain/asset.js';
import { ReadAgain } from '../../time/clock-leaps.js';
import type { Clock } from '../../time/clock.js';
import type { Listed, UnlistedAsset } from './listed.js';
import { DEFAULT_WEIGHT_LIMIT } from './weight.js';

const HOUR = 3_600_000;
/** How soon it is read again after it changed, or after a refresh failed. */
const SOON = 60_000;
/** How soon it is read again after tickers did not agree with it. */
const SUSPECT_MS = 2_000;

/** Why a symbol is not asked for. */
interface LeftOut {
  readonly words: string;
  /** Whether the exchange still lists it, so that an operator should know. */
  readonly isRefused: boolean;
  /** Until the listing is read again; then it is tried once more. */
  isOut: boolean;
}

/**
 * What the exchange lists of the universe, as exchangeInfo last said. Read again hourly; sooner when
 * tickers do not agree with it, and after it changed, with pauses that double up to the hour; at once
 * when our clock has leapt.
 */
export class Listing {
  readonly #universe: Universe;
  #pairs: readonly ListedPair[] | null = null;
  #unlisted: readonly UnlistedAsset[] = [];
  #weightLimit = DEFAULT_WEIGHT_LIMIT;
  readonly #clock: Clock;
  readonly #readAgain: ReadAgain;
  #readAt = -Infinity;
  #pause = HOUR;
  #isSuspect = false;
  #readings = 0;
  #dropped: readonly string[] = [];
  readonly #leftOut = new Map<string, LeftOut>();

  constructor(universe: Universe, clock: Clock) {
    this.#universe = universe;
    this.#clock = clock;
    this.#readAgain = new ReadAgain(clock);
  }

  /** The trading pairs without those that the exchange refused; null before the first read. */
  get pairs(): readonly ListedPair[] | null {
    return this.#pairs?.filter(({ symbol }) => !this.#leftOut.get(symbol)?.isOut) ?? null;
  }

  /** What the last reading no longer named. */
  get dropped(): readonly string[] {
    return this.#dropped;
  }

  /** How often it was read. */
  get readings(): number {
    return this.#readings;
  }

  get weightLimit(): number {
    return this.#weightLimit;
  }

  /** How many symbols a turn asks for: at most one for every two assets while nothing is known. */
  get expectedSymbols(): number {
    const { length } = this.#universe;
    return this.pairs?.length ?? (length * (length - 1)) / 2;
  }

  /** Assets of the universe without any pair. */
  get unlisted(): readonly UnlistedAsset[] {
    return this.#unlisted;
  }

  /** The listed symbols that the exchange refuses, and why. */
  get refusals(): readonly string[] {
    return [...this.#leftOut]
      .filter(([, { isRefused }]) => isRefused)
      .map(([symbol, { words }]) => `${symbol} (${words})`);
  }

  get isDue(): boolean {
    return this.#readAgain.isDue;
  }

  update({ pairs, unlisted, weightLimit }: Listed): void {
    const before = this.#pairs?.map(nameOf) ?? null;
    const listed = new Set(pairs.map(nameOf));
    const changed = before !== null && before.join(' ') !== [...listed].join(' ');
    this.#dropped = (before ?? []).filter((symbol) => !listed.has(symbol));
    this.#pairs = pairs;
    this.#unlisted = unlisted;
    this.#weightLimit = weightLimit ?? DEFAULT_WEIGHT_LIMIT;
    for (const [symbol, leftOut] of this.#leftOut) {
      if (leftOut.isRefused && listed.has(symbol)) leftOut.isOut = false;
      else this.#leftOut.delete(symbol);
    }
    this.#pause = changed ? SOON : Math.min(2 * this.#pause, HOUR);
    if (changed) this.#isSuspect = false;
    this.#readings++;
    this.#readAt = this.#clock.monotonic();
    this.#readAgain.after(this.#pause);
  }

  /** The read failed: the older one serves on for a while. */
  postpone(): void {
    this.#readAgain.after(SOON);
  }

  /** Whether a turn's tickers agreed with it: if not, symbols that it names have left, it seems. */
  compare(agrees: boolean): void {
    if (agrees) this.#isSuspect = false;
    else this.#suspect();
  }

  /** Leaves out a symbol that is not known, or does not trade, until exchangeInfo is read again. */
  markGone(symbol: string, words: string): void {
    this.#leftOut.set(symbol, { words, isRefused: false, isOut: true });
    this.#suspect();
  }

  /** Leaves out a symbol that cannot be asked for. @returns whether that is new */
  markRefused(symbol: string, words: string): boolean {
    const isNew = !this.#leftOut.has(symbol);
    this.#leftOut.set(symbol, { words, isRefused: true, isOut: true });
    return isNew;
  }

  /** These were answered: whatever was said against them is over. */
  clear(symbols: readonly string[]): void {
    for (const symbol of symbols) this.#leftOut.delete(symbol);
  }

  #suspect(): void {
    if (this.#isSuspect) return;
    this.#isSuspect = true;
    this.#pause = SUSPECT_MS;
    const age = this.#clock.monotonic() - this.#readAt;
    this.#readAgain.within(Math.max(0, SUSPECT_MS - age));
  }
}

function nameOf({ symbol }: Pair): string {
  return symbol;
}
