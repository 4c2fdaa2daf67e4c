import { pairKey, type Pair } from '../domain/asset.js';
import { MINUTE } from '../domain/series/span.js';
import type { BackfillStore } from '../history/backfill/backfill-store.js';
import {
  DAY_MINUTES,
  dayOf,
  minuteAt,
  nameOfDay,
  type AskedMinutes,
} from '../history/backfill/day-closes.js';
import type { CloseSource, MinuteRange } from '../market/close-source.js';
import { missingMinutes, type Minutes } from './missing-minutes.js';
import { ExchangeAwayError, PatientSource, type PatientSourceOptions } from './patient-source.js';

/** How many days of pairs are asked for at a time. */
const AT_ONCE = 4;
/** After so many days in a row that were no use, the exchange has nothing that can be read. */
const MOST_USELESS = 12;

/** What was found wrong, and cost only itself. */
export interface BackfillFault {
  readonly symbol: string;
  /** `2024-01-31`; null where it is of all days. */
  readonly day: string | null;
  readonly words: string;
}

export interface BackfillOptions extends Omit<PatientSourceOptions, 'source'> {
  readonly store: Pick<BackfillStore, 'asked' | 'days' | 'save'>;
  readonly source: CloseSource;
  readonly pairs: readonly Pair[];
  /** Whole minutes, all of them over. */
  readonly range: MinuteRange;
  readonly onFault: (fault: BackfillFault) => void;
  /** Is told how many of all days of all pairs are done; they are in the database then. */
  readonly onDone: (days: number) => void;
}

export interface BackfillTally {
  /** Days of pairs that were read, those that were there, and those that could not be read. */
  readonly read: number;
  readonly there: number;
  readonly failed: number;
  /** Closes that were read. */
  readonly closes: number;
  /** Klines that could not be read. */
  readonly faults: number;
}

/**
 * Reads the closes of pairs over a range into the layer beside the turns, day by day, the oldest first.
 * A day of a pair is stored in one step once it is read, and what is stored is not asked for again: so it
 * may be broken off at any moment, and goes on where it was.
 */
export class Backfill {
  readonly #options: BackfillOptions;
  readonly #source: PatientSource;
  readonly #tally = { read: 0, there: 0, failed: 0, closes: 0, faults: 0 };
  #done = 0;
  #useless = 0;

  constructor(options: BackfillOptions) {
    this.#options = options;
    this.#source = new PatientSource(options);
  }

  get tally(): BackfillTally {
    return { ...this.#tally };
  }

  /** How many days of pairs there are in it. */
  static size({ pairs, range }: Pick<BackfillOptions, 'pairs' | 'range'>): number {
    return pairs.length * Math.max(0, dayOf(range.to - 1) - dayOf(range.from) + 1);
  }

  /** @throws {ExchangeAwayError} {@link StoppedError} */
  async run(): Promise<void> {
    const { pairs, range, store } = this.#options;
    const begins = new Map<Pair, number>();
    await inParallel(pairs, async (pair) => {
      const first = await this.#firstMinute(pair);
      if (first !== null) begins.set(pair, first);
    });
    for (let day = dayOf(range.from); day <= dayOf(range.to - 1); day++) {
      const asked = await store.asked(day);
      await inParallel(pairs, async (pair) => {
        const begin = begins.get(pair);
        if (begin !== undefined) await this.#day(pair, day, begin, asked.get(pairKey(pair)));
        this.#options.onDone(++this.#done);
      });
    }
  }

  /** The first minute of the range that there is anything of; null where there is nothing. */
  async #firstMinute(pair: Pair): Promise<number | null> {
    const { range } = this.#options;
    const asked = await this.#source.ask(pair.symbol, range, 1);
    if ('words' in asked) {
      this.#tell(pair, null, asked.words);
      return asked.isUnknown ? null : range.from;
    }
    const [first] = asked.closes;
    return first?.minute ?? (asked.faultCount > 0 ? range.from : null);
  }

  async #day(
    pair: Pair,
    day: number,
    begin: number,
    stored: AskedMinutes | undefined,
  ): Promise<void> {
    const { range } = this.#options;
    const wanted = minutesOf(day, { from: Math.max(range.from, begin), to: range.to });
    if (wanted.from >= wanted.to) return;
    const { whole, parts, keepsStored } = missingMinutes(wanted, stored);
    if (parts.length === 0) {
      this.#tally.there++;
      return;
    }
    const before = keepsStored ? (await this.#options.store.days([pair], [day]))[0] : undefined;
    const closes = before?.closes.slice() ?? new Float64Array(DAY_MINUTES).fill(NaN);
    // What is said to be stored and cannot be read is asked for again.
    const missing = keepsStored && !before ? [whole] : parts;
    let faults = 0;
    for (const part of missing) {
      const found = await this.#read(pair, day, part, closes);
      if (found === null) return this.#giveUp();
      faults += found;
    }
    await this.#options.store.save({ pair, day, ...whole, faults, closes });
    this.#tally.read++;
    this.#tally.faults += faults;
    this.#useless = 0;
  }

  /** @returns how many klines could not be read; null where nothing could */
  async #read(
    pair: Pair,
    day: number,
    { from, to }: Minutes,
    closes: Float64Array,
  ): Promise<number | null> {
    const { mostMinutes } = this.#options.source;
    let faults = 0;
    for (let at = from; at < to; at += mostMinutes) {
      const end = Math.min(at + mostMinutes, to);
      const range = { from: minuteAt(day, at), to: minuteAt(day, end) };
      const asked = await this.#source.ask(pair.symbol, range);
      if ('words' in asked) {
        this.#tell(pair, day, asked.words);
        return null;
      }
      for (const { minute, close } of asked.closes) {
        closes[(minute - minuteAt(day, 0)) / MINUTE] = close;
      }
      for (const words of asked.faults) this.#tell(pair, day, words);
      const more = asked.faultCount - asked.faults.length;
      if (more > 0) this.#tell(pair, day, `and ${more} more`);
      this.#tally.closes += asked.closes.length;
      faults += asked.faultCount;
    }
    return faults;
  }

  #giveUp(): void {
    this.#tally.failed++;
    if (++this.#useless >= MOST_USELESS) {
      throw new ExchangeAwayError(`${MOST_USELESS} days in a row could not be read`);
    }
  }

  #tell({ symbol }: Pair, day: number | null, words: string): void {
    this.#options.onFault({ symbol, day: day === null ? null : nameOfDay(day), words });
  }
}

/** The minutes of a range that are in a day. */
function minutesOf(day: number, { from, to }: MinuteRange): Minutes {
  const place = (moment: number) => (moment - minuteAt(day, 0)) / MINUTE;
  return { from: Math.max(0, place(from)), to: Math.min(DAY_MINUTES, place(to)) };
}

/** Some at a time; the first failure ends it once those under way are over. */
async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  let failed = false;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (let item = left.shift(); item !== undefined && !failed; item = left.shift()) {
      await run(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  });
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
