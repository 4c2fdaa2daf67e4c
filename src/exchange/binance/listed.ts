import {
  compareCodeUnits,
  tradingPairs,
  type Asset,
  type ListedPair,
  type SymbolListing,
  type Universe,
} from '../../domain/asset.js';
import { nearNames } from '../near-names.js';
import { isObject, MalformedAnswerError, parseListing, parseWeightLimit } from './parse.js';

const MOST_RATE_LIMITS = 100;
/** How many of the exchange's names are looked at for one that was meant; it has some hundreds. */
const MOST_NAMES = 50_000;

/** What the exchange lists as TRADING of a universe. */
export interface Listed {
  readonly pairs: readonly ListedPair[];
  /** The assets of the universe without any pair, and those of the exchange that may be meant. */
  readonly unlisted: readonly UnlistedAsset[];
  /** Request weight allowed a minute; null where it is not stated. */
  readonly weightLimit: number | null;
}

export interface UnlistedAsset {
  readonly asset: Asset;
  /** Names of the exchange that are written almost so; none where it lists the asset in other pairs. */
  readonly near: readonly Asset[];
}

/** Reads `GET /api/v3/exchangeInfo` as {@link parseExchangeInfo} does, in pieces: what it says of a universe. */
export class ListedReading {
  readonly #universe: Universe;
  readonly #members: ReadonlySet<string>;
  readonly #listings = new Map<string, SymbolListing>();
  readonly #names = new Set<Asset>();
  readonly #rateLimits: unknown[] = [];
  #isReadable = false;

  constructor(universe: Universe) {
    this.#universe = universe;
    this.#members = new Set(universe);
  }

  add(value: unknown, key: string | null): void {
    if (key === 'rateLimits' && this.#rateLimits.length < MOST_RATE_LIMITS) {
      this.#rateLimits.push(value);
    }
    if (key !== 'symbols' || !isObject(value)) return;
    const listing = parseListing(value);
    if (listing === null) return;
    this.#isReadable = true;
    const { symbol, status, baseAsset, quoteAsset } = listing;
    if (status !== 'TRADING') return;
    if (this.#names.size < MOST_NAMES) this.#names.add(baseAsset).add(quoteAsset);
    if (!this.#members.has(baseAsset) || !this.#members.has(quoteAsset)) return;
    // Of several for the same base and quote one is enough, however many an answer holds.
    const pair = `${baseAsset}/${quoteAsset}`;
    const known = this.#listings.get(pair);
    if (!known || compareCodeUnits(symbol, known.symbol) < 0) this.#listings.set(pair, listing);
  }

  /** @throws {MalformedAnswerError} if no symbol could be read */
  done(): Listed {
    if (!this.#isReadable) throw new MalformedAnswerError('exchangeInfo: no readable symbol');
    const pairs = tradingPairs(this.#listings.values(), this.#universe);
    return {
      pairs,
      unlisted: this.#unlisted(pairs),
      weightLimit: parseWeightLimit(this.#rateLimits),
    };
  }

  #unlisted(pairs: readonly ListedPair[]): UnlistedAsset[] {
    const listed = new Set(pairs.flatMap(({ base, quote }) => [base, quote]));
    return this.#universe
      .filter((asset) => !listed.has(asset))
      .map((asset) => ({
        asset,
        near: this.#names.has(asset) ? [] : nearNames(asset, this.#names),
      }));
  }
}
