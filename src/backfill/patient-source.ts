import type { CloseSource, MinuteCloses, MinuteRange } from '../market/close-source.js';
import type { ExchangeFailure } from '../market/market-port.js';

/** How often a call that failed is made again, and how long after the first time, milliseconds. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

/** The exchange cannot be read: what is stored so far stays. */
export class ExchangeAwayError extends Error {
  override readonly name = 'ExchangeAwayError';
}

/** It was told to stop. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

export interface PatientSourceOptions {
  readonly source: CloseSource;
  readonly signal: AbortSignal;
  /** Waits so many milliseconds, or until the signal. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Is told why nothing is asked for so long, milliseconds. */
  readonly onWait: (failure: ExchangeFailure, ms: number) => void;
}

/** What came of a call: closes, or why there are none, in words. */
export type Asked = MinuteCloses | { readonly isUnknown: boolean; readonly words: string };

/** Asks until there is an answer: as long as the exchange wants silence, and some times where it fails. */
export class PatientSource {
  readonly #options: PatientSourceOptions;

  constructor(options: PatientSourceOptions) {
    this.#options = options;
  }

  /**
   * What the exchange does not know, or answers with nonsense however often it is asked, is told; it says
   * nothing of the rest.
   * @throws {ExchangeAwayError} {@link StoppedError}
   */
  async ask(symbol: string, range: MinuteRange, most?: number): Promise<Asked> {
    const { source, signal, wait, onWait } = this.#options;
    for (let failed = 0; ;) {
      if (signal.aborted) throw new StoppedError('stopped');
      const result = await source.closes(symbol, range, signal, most);
      if (result.ok) return result;
      if (signal.aborted) throw new StoppedError('stopped');
      const { failure, isUnknown } = result;
      if (isUnknown) return { isUnknown, words: failure.message };
      if (failure.retryInMs !== undefined) {
        onWait(failure, failure.retryInMs);
        await wait(failure.retryInMs, signal);
      } else if (++failed < ATTEMPTS) {
        await wait(FIRST_PAUSE_MS * 2 ** (failed - 1), signal);
      } else if (failure.code === 'EXCHANGE_BAD_RESPONSE') {
        return { isUnknown: false, words: failure.message };
      } else throw new ExchangeAwayError(`${failure.code}: ${failure.message}`);
    }
  }
}
