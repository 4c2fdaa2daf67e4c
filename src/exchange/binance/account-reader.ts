import type { Asset } from '../../domain/asset.js';
import { nonZero, type Balance, type Holdings } from '../../domain/wallet.js';
import { asCallFailed, CallFailedError, type Calls } from './calls.js';
import { API_CODE } from './failures.js';
import { oddWords, type Account } from './parse.js';

export interface AccountReaderOptions {
  readonly calls: Calls;
  readonly isThereAccount: boolean;
  /** The balances where there is no account. */
  readonly paperWallet: readonly Balance[];
  /** The exchange refused our time. */
  readonly measureClock: (signal: AbortSignal) => Promise<void>;
}

/**
 * Reads what is held. A balance that cannot be read fails the reading once, because a garbled answer
 * is whole at the next turn; one that stays so is left out, and named for as long as it is.
 */
export class AccountReader {
  readonly #options: AccountReaderOptions;
  #odd: ReadonlySet<Asset | null> = new Set();
  #warning: string | null = null;

  constructor(options: AccountReaderOptions) {
    this.#options = options;
  }

  get warnings(): readonly string[] {
    return this.#warning === null ? [] : [this.#warning];
  }

  /** @throws {CallFailedError} */
  async read(signal: AbortSignal): Promise<Holdings> {
    const { isThereAccount, paperWallet } = this.#options;
    if (!isThereAccount) return { source: 'PAPER', balances: nonZero(paperWallet) };
    const { balances, odd } = await this.#ask(signal);
    const known = this.#odd;
    this.#odd = new Set(odd.map(({ asset }) => asset));
    this.#warning =
      odd.length === 0
        ? null
        : `Left out of the wallet, because it is no amount: ${oddWords(odd)}.`;
    if (odd.every(({ asset }) => known.has(asset))) {
      const unreadable = odd.map(({ asset }) => asset).filter((asset) => asset !== null);
      return { source: 'ACCOUNT', balances, ...(unreadable.length > 0 && { unreadable }) };
    }
    const message = `no amount: ${oddWords(odd)}`;
    throw new CallFailedError({ code: 'EXCHANGE_BAD_RESPONSE', message });
  }

  async #ask(signal: AbortSignal): Promise<Account> {
    const { calls, measureClock } = this.#options;
    try {
      return await calls.account(signal);
    } catch (error) {
      if (asCallFailed(error).failure.apiCode !== API_CODE.INVALID_TIMESTAMP) throw error;
      await measureClock(signal);
      return calls.account(signal);
    }
  }
}
