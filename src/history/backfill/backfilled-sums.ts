import { indexAt, numberAt } from '../../domain/cells.js';
import type { Pair } from '../../domain/asset.js';
import { NOWHERE, type SpanBuckets } from '../../domain/series/buckets.js';
import { candidatesBetween, legsOf, pairsOfBoth } from '../../domain/series/candidates.js';
import type { Line } from '../../domain/series/line.js';
import type { TimeRange } from '../../domain/series/range.js';
import { bucketOf, bucketStart, DAY, MINUTE, type Span } from '../../domain/series/span.js';
import type { Pace } from '../../scheduling/slices.js';
import type { LineSum } from '../line-sum.js';
import { SeriesFault } from '../series-fault.js';
import type { Layer } from './backfill-layer.js';
import type { BackfillStore } from './backfill-store.js';
import { BackfilledDay } from './backfilled-day.js';
import { DAY_MINUTES, dayOf, minuteAt, type DayCloses } from './day-closes.js';

/** How many days of pairs are read at a time: to unpack them must not hold the event loop long. */
const AT_ONCE = 64;

export interface BackfilledSumsOptions {
  readonly layer: Layer;
  readonly store: Pick<BackfillStore, 'days'>;
  readonly lines: readonly Line[];
  /** By line, with all that was recorded. */
  readonly sums: readonly LineSum[];
  readonly buckets: SpanBuckets;
  readonly every: Span;
  readonly range: TimeRange;
  /** How many prices are read at most. */
  readonly most: number;
  readonly pace: Pace;
}

/** Adds backfilled closes to the lines of an answer, in those buckets that no turn is in. */
export class BackfilledSums {
  readonly #options: BackfilledSumsOptions;
  /** By bucket: 1 where something was added. */
  readonly #isBackfilled: Uint8Array;

  constructor(options: BackfilledSumsOptions) {
    this.#options = options;
    this.#isBackfilled = new Uint8Array(options.buckets.size);
  }

  /**
   * @returns by bucket: 1 where a line has its value from closes
   * @throws {SeriesFault} where that is too much, with a part that fits
   */
  async add(): Promise<Uint8Array> {
    const { layer, store, pace } = this.#options;
    const days = this.#days();
    const pairs = this.#pairs();
    this.#checkCost(days, pairs.length);
    const daysAtOnce = Math.max(1, Math.floor(AT_ONCE / Math.max(1, pairs.length)));
    for (let at = 0; at < days.length; at += daysAtOnce) {
      const some = days.slice(at, at + daysAtOnce);
      const found = await this.#read(pairs, some);
      for (const day of some) {
        const closes = found.filter((each) => each.day === day);
        await this.#addDay(new BackfilledDay(day, pairs, closes, layer, store));
        if (pace.isSpent) await pace.next();
      }
    }
    return this.#isBackfilled;
  }

  async #read(pairs: readonly Pair[], days: readonly number[]): Promise<DayCloses[]> {
    const { store, pace } = this.#options;
    const found: DayCloses[] = [];
    for (let at = 0; at < pairs.length; at += AT_ONCE) {
      found.push(...(await store.days(pairs.slice(at, at + AT_ONCE), days)));
      if (pace.isSpent) await pace.next();
    }
    return found;
  }

  /** The days in which the layer may have something for a bucket without a turn. */
  #days(): number[] {
    const { layer, range } = this.#options;
    const from = Math.max(layer.from, range.from);
    const to = Math.min(layer.to, range.to);
    if (from >= to) return [];
    const days: number[] = [];
    for (let day = dayOf(from); day <= dayOf(to - 1); day++) if (this.#hasRoom(day)) days.push(day);
    return days;
  }

  #hasRoom(day: number): boolean {
    const { buckets, every } = this.#options;
    const first = Math.max(0, bucketOf(minuteAt(day, 0), every) - buckets.first);
    const last = Math.min(
      buckets.size - 1,
      bucketOf(minuteAt(day + 1, 0) - 1, every) - buckets.first,
    );
    for (let place = first; place <= last; place++) if (buckets.counts[place] === 0) return true;
    return false;
  }

  /** The pairs that the lines are made of where all of them have closes. */
  #pairs(): Pair[] {
    const { layer, lines } = this.#options;
    const pairs = lines.flatMap((line): readonly Pair[] => {
      if (line.kind !== 'CELL' || isIdentity(line)) return [];
      const direct = pairsOfBoth(line.base, line.quote, layer.pairs);
      if (direct.length > 0) return direct;
      return legsOf(candidatesBetween(line.base, line.quote, layer.pairs));
    });
    return [...new Set(pairs)];
  }

  #checkCost(days: readonly number[], pairs: number): void {
    const { most, every, range } = this.#options;
    const found = days.length * DAY_MINUTES * Math.max(1, pairs);
    if (found <= most) return;
    const fitting = days.at(-Math.floor(most / (DAY_MINUTES * Math.max(1, pairs))));
    const begin = bucketStart(bucketOf((fitting ?? 0) * DAY - 1, every) + 1, every);
    const isOfUse = fitting !== undefined && begin < range.to;
    const way = isOfUse ? `from: ${new Date(begin).toISOString()} fits` : 'take a shorter range';
    throw new SeriesFault('from', way, { name: 'prices read', allowed: most, found });
  }

  async #addDay(day: BackfilledDay): Promise<void> {
    const { lines, sums, pace } = this.#options;
    const places = this.#placesOf(day.day);
    for (const [at, sum] of sums.entries()) {
      if (isIdentity(lines[at] as Line)) continue;
      const line = await day.valuesOf(sum.evaluator);
      sum.addValues(places, line);
      for (let minute = 0; minute < DAY_MINUTES; minute++) {
        const place = indexAt(places, minute);
        if (place !== NOWHERE && !Number.isNaN(numberAt(line.values, minute))) {
          this.#isBackfilled[place] = 1;
        }
      }
      if (pace.isSpent) await pace.next();
    }
  }

  /** By minute: the bucket that its close is in, unless a turn is in that. */
  #placesOf(day: number): Int32Array {
    const { buckets, every } = this.#options;
    const places = new Int32Array(DAY_MINUTES).fill(NOWHERE);
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      const closedAt = minuteAt(day, minute) + MINUTE - 1;
      const place = bucketOf(closedAt, every) - buckets.first;
      if (place >= 0 && place < buckets.size && buckets.counts[place] === 0) {
        places[minute] = place;
      }
    }
    return places;
  }
}

/** What is 1 in itself needs no closes, and nothing says at which minutes it was there. */
function isIdentity(line: Line): boolean {
  return line.kind === 'CELL' && line.base === line.quote;
}
