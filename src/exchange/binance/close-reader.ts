import type { ClosesResult, CloseSource, MinuteRange } from '../../market/close-source.js';
import { asCallFailed, type Calls } from './calls.js';
import type { ClockKeeper } from './clock-keeper.js';
import type { ExchangeClock } from './exchange-clock.js';
import type { ExchangeLimits } from './exchange-limits.js';
import { API_CODE } from './failures.js';
import { WEIGHT } from './weight.js';

/** `klines` brings at most so many. */
const MOST_KLINES = 1000;

export interface CloseReaderOptions {
  readonly calls: Calls;
  readonly limits: ExchangeLimits;
  readonly time: ExchangeClock;
  readonly clock: ClockKeeper;
  /** What the exchange allows a minute. */
  readonly weightLimit: () => number;
}

/** Reads the past of pairs from klines, within half of what the exchange allows: the rest is for turns. */
export class CloseReader implements CloseSource {
  readonly mostMinutes = MOST_KLINES;
  readonly #options: CloseReaderOptions;

  constructor(options: CloseReaderOptions) {
    this.#options = options;
  }

  exchangeTime(): number {
    return this.#options.time.now();
  }

  async closes(
    symbol: string,
    range: MinuteRange,
    signal: AbortSignal,
    most = MOST_KLINES,
  ): Promise<ClosesResult> {
    const { calls, limits, clock, weightLimit } = this.#options;
    const refused = await limits.admit(WEIGHT.klines, Math.floor(weightLimit() / 2));
    if (refused) return { ok: false, failure: refused, isUnknown: false };
    try {
      await clock.keep(signal);
      const read = await calls.klines(symbol, range, most, signal);
      limits.lift();
      return { ok: true, ...read };
    } catch (error) {
      const { failure } = asCallFailed(error);
      const { code, message, apiCode } = failure;
      const isUnknown = apiCode === API_CODE.BAD_SYMBOL;
      return { ok: false, failure: limits.silence ?? { code, message }, isUnknown };
    }
  }
}
