import { ClockLeaps } from '../time/clock-leaps.js';
import type { MarketSource } from '../market/market-port.js';
import type { Clock } from '../time/clock.js';
import type { CycleAges } from '../history/cycle-store.js';

const MINUTE_MS = 60_000;
/** Clocks that differ by more do not bear each other out, milliseconds. */
const TOLERANCE_MS = 2 * MINUTE_MS;

export interface ClockWitnessesOptions {
  readonly clock: Clock;
  readonly market: Pick<MarketSource, 'kind' | 'status'>;
  readonly ages: Pick<CycleAges, 'databaseTime'>;
}

/** The time that several clocks agree on, or why there is none, in words. */
export type AgreedTime = { readonly now: number } | { readonly objection: string };

/**
 * Whether our wall clock may be believed where that matters for good: held against the database's
 * and, where the exchange is a real one, against the exchange's.
 */
export class ClockWitnesses {
  readonly #options: ClockWitnessesOptions;
  /** Since the start. */
  readonly #leaps: ClockLeaps;

  constructor(options: ClockWitnessesOptions) {
    this.#options = options;
    this.#leaps = new ClockLeaps(options.clock);
  }

  /** @throws {DatabaseUnavailableError} */
  async ask(): Promise<AgreedTime> {
    const { clock, ages } = this.#options;
    const databaseTime = await ages.databaseTime();
    const now = clock.now();
    if (Number.isNaN(databaseTime)) return { objection: 'the database does not tell its time' };
    const offset = databaseTime - now;
    if (Math.abs(offset) > TOLERANCE_MS)
      return { objection: differs("the database's clock", offset) };
    const objection = this.#marketObjection();
    // The earliest of them: what is old by that is old by all.
    return objection === null ? { now: Math.min(now, databaseTime) } : { objection };
  }

  /** What keeps the exchange from bearing our clock out; what is simulated or recorded cannot. */
  #marketObjection(): string | null {
    const { market } = this.#options;
    if (market.kind === 'BINANCE') {
      const { clockOffsetMs } = market.status();
      if (clockOffsetMs === null) return "the exchange's clock is not known";
      const isNear = Math.abs(clockOffsetMs) <= TOLERANCE_MS;
      return isNear ? null : differs("the exchange's clock", clockOffsetMs);
    }
    const leap = this.#leaps.since;
    if (Math.abs(leap) <= TOLERANCE_MS) return null;
    const direction = leap > 0 ? 'forward' : 'back';
    return `this machine's clock has leapt ${direction} by ${inWords(leap)} since the start, and no exchange bears it out (a restart believes it)`;
  }
}

function differs(whose: string, offsetMs: number): string {
  return `${whose} is ${inWords(offsetMs)} ${offsetMs > 0 ? 'ahead of' : 'behind'} this machine's`;
}

function inWords(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / MINUTE_MS);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60
    ? `${Math.round(minutes / 60)} hours`
    : `${Math.round(minutes / 1440)} days`;
}
