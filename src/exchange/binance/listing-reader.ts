import type { Universe } from '../../domain/asset.js';
import type { Logger } from '../../log.js';
import { nameSome } from '../../name-some.js';
import { asCallFailed, type Calls } from './calls.js';
import { mayBeOfRequest, type CallFailure } from './failures.js';
import type { ExchangeLimits } from './exchange-limits.js';
import type { Listing } from './listing.js';
import type { Listed, UnlistedAsset } from './listed.js';
import { WEIGHT } from './weight.js';

export interface ListingReaderOptions {
  readonly universe: Universe;
  readonly listing: Listing;
  readonly calls: Calls;
  readonly limits: ExchangeLimits;
  readonly log: Logger;
  /** Ends what is read in the background. */
  readonly signal: AbortSignal;
}

/**
 * Keeps the {@link Listing} up to date. The first reading is waited for; later ones go on beside the
 * turns, which go by what is known meanwhile.
 */
export class ListingReader {
  readonly #options: ListingReaderOptions;
  #underWay = false;
  #saidWhole = false;
  #stale: string | null = null;
  #saidUnlisted = '';

  constructor(options: ListingReaderOptions) {
    this.#options = options;
  }

  get warnings(): readonly string[] {
    const { unlisted, refusals } = this.#options.listing;
    return [
      this.#stale,
      unlisted.length > 0 ? unlistedWords(unlisted) : null,
      refusals.length > 0
        ? `Left out, because the exchange refuses it: ${nameSome(refusals)}.`
        : null,
    ].filter((words) => words !== null);
  }

  /** Reads it for the first time. @throws {CallFailedError} */
  async first(signal: AbortSignal): Promise<void> {
    this.#update(await this.#read(signal));
  }

  /** Reads it beside the turns where it is due. */
  keepUp(): void {
    if (this.#underWay || !this.#options.listing.isDue) return;
    this.#underWay = true;
    void this.#refresh().finally(() => (this.#underWay = false));
  }

  async #refresh(): Promise<void> {
    const { listing, limits, log, signal } = this.#options;
    try {
      const refused = await limits.admit(WEIGHT.exchangeInfo, listing.weightLimit);
      if (refused) return listing.postpone();
      this.#update(await this.#read(signal));
    } catch (error) {
      listing.postpone();
      if (signal.aborted) return;
      const { code, message } = this.#failureOf(error);
      if (this.#stale === null) log.warn({ code }, `exchangeInfo is old: ${message}`);
      this.#stale = `The list of trading pairs could not be refreshed: ${message}`;
    }
  }

  #failureOf(error: unknown): Pick<CallFailure, 'code' | 'message'> {
    try {
      return asCallFailed(error).failure;
    } catch {
      this.#options.log.error({ err: error }, 'exchangeInfo: a fault that was not foreseen');
      return { code: 'EXCHANGE_ERROR', message: 'an internal fault' };
    }
  }

  /** Asks for what is needed; of a server that does not take that, for everything. */
  async #read(signal: AbortSignal): Promise<Listed> {
    const { calls, universe, log } = this.#options;
    try {
      return await calls.exchangeInfo(universe, true, signal);
    } catch (error) {
      const { failure } = asCallFailed(error);
      if (!mayBeOfRequest(failure)) throw error;
      const all = await calls.exchangeInfo(universe, false, signal);
      if (!this.#saidWhole) {
        log.warn(
          { code: failure.code },
          `exchangeInfo is read whole, because the exchange refuses to leave anything out: ${failure.message}`,
        );
      }
      this.#saidWhole = true;
      return all;
    }
  }

  #update(listed: Listed): void {
    const { listing, log } = this.#options;
    listing.update(listed);
    this.#stale = null;
    const { unlisted } = listing;
    const words = unlisted.length > 0 ? unlistedWords(unlisted) : '';
    if (words !== '' && words !== this.#saidUnlisted) log.warn(words);
    this.#saidUnlisted = words;
  }
}

function unlistedWords(assets: readonly UnlistedAsset[]): string {
  const names = assets.map(({ asset, near }) =>
    near.length === 0 ? asset : `${asset} (${near.join(' or ')}?)`,
  );
  return `No trading pair of the exchange has these of ASSETS, so that their cells are null: ${nameSome(names)}.`;
}
