import { pairKey, type Pair } from '../domain/asset.js';
import { numberAt } from '../domain/cells.js';
import type { PairColumns } from '../domain/series/frame-columns.js';
import { MINUTE } from '../domain/series/span.js';
import type { BackfillStore } from '../history/backfill/backfill-store.js';
import { DAY_MINUTES, dayOf, minuteAt } from '../history/backfill/day-closes.js';
import type { CycleStore } from '../history/cycle-store.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { MinuteRange } from '../market/close-source.js';
import type { Pace } from '../scheduling/slices.js';

export interface DifferencesOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
  readonly store: Pick<BackfillStore, 'days'>;
  readonly pairs: readonly Pair[];
  readonly range: MinuteRange;
  readonly pace: Pace;
}

/** A close that is not what was recorded. */
export interface Difference {
  readonly symbol: string;
  /** Where the minute begins, milliseconds since 1970. */
  readonly minute: number;
  readonly close: number;
  /** The last price at the last turn up to the end of the minute. */
  readonly recorded: number;
  /** By how much the close is off it, basis points. */
  readonly bps: number;
}

export interface DifferenceTally {
  /** Minutes of pairs that have both a turn and a close. */
  readonly compared: number;
  readonly different: number;
  /** Null where there is none. */
  readonly largest: Difference | null;
}

/** Holds closes against what was recorded in the same minutes. */
export class Differences {
  readonly #options: DifferencesOptions;
  #compared = 0;
  #different = 0;
  #largest: Difference | null = null;

  constructor(options: DifferencesOptions) {
    this.#options = options;
  }

  /** Day by day, so that it takes little memory. @param onDay is told each that is done; false ends it */
  async run(onDay: (day: number) => boolean): Promise<DifferenceTally> {
    const { range } = this.#options;
    for (let day = dayOf(range.from); day <= dayOf(range.to - 1); day++) {
      await this.#day(day);
      if (!onDay(day)) break;
    }
    return { compared: this.#compared, different: this.#different, largest: this.#largest };
  }

  async #day(day: number): Promise<void> {
    const { store, pairs } = this.#options;
    const recorded = await this.#recorded(day);
    if (recorded.size === 0) return;
    for (const { pair, closes } of await store.days(pairs, [day])) {
      const prices = recorded.get(pairKey(pair));
      if (prices) this.#compare(pair, day, closes, prices);
    }
  }

  #compare({ symbol }: Pair, day: number, closes: Float64Array, prices: Float64Array): void {
    const { from, to } = this.#options.range;
    for (let at = 0; at < DAY_MINUTES; at++) {
      const minute = minuteAt(day, at);
      const [close, recorded] = [numberAt(closes, at), numberAt(prices, at)];
      if (Number.isNaN(close) || Number.isNaN(recorded) || minute < from || minute >= to) continue;
      this.#compared++;
      if (close === recorded) continue;
      this.#different++;
      const bps = 1e4 * Math.abs(close / recorded - 1);
      if (bps <= (this.#largest?.bps ?? -1)) continue;
      this.#largest = { symbol, minute, close, recorded, bps };
    }
  }

  /**
   * By {@link pairKey}: the last price at the last turn of each minute of a day; NaN where there is none.
   * A turn at the very end of a minute saw its close.
   */
  async #recorded(day: number): Promise<ReadonlyMap<string, Float64Array>> {
    const { cycles, chunks, pairs, pace } = this.#options;
    const found = new Map<string, Float64Array>();
    const within = { from: minuteAt(day, 0) + 1, to: minuteAt(day + 1, 0) + 1, limit: 1 };
    const [first] = await cycles.range({ ...within, order: 'OLDEST_FIRST' });
    const [last] = await cycles.range({ ...within, order: 'NEWEST_FIRST' });
    if (!first || !last) return found;
    for await (const chunk of chunks.chunks(first.turn, last.turn, pace)) {
      for (const columns of await chunk.load(pairs, pace)) {
        takeLast(columns, chunk.observedAt, day, found);
        if (pace.isSpent) await pace.next();
      }
    }
    return found;
  }
}

function takeLast(
  columns: PairColumns,
  observedAt: Float64Array,
  day: number,
  found: Map<string, Float64Array>,
): void {
  const key = pairKey(columns);
  const prices = found.get(key) ?? new Float64Array(DAY_MINUTES).fill(NaN);
  found.set(key, prices);
  const begin = minuteAt(day, 0);
  const { last } = columns;
  for (let index = 0; index < last.length; index++) {
    const at = Math.ceil((numberAt(observedAt, index) - begin) / MINUTE) - 1;
    const price = numberAt(last, index);
    // A time that is not known is at no minute.
    if (at >= 0 && at < DAY_MINUTES && !Number.isNaN(price)) prices[at] = price;
  }
}
