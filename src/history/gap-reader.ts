import { isFault } from '../domain/series/fault.js';
import { GapFinder, TURNS_BEFORE, type TimeGap } from '../domain/series/gaps.js';
import type { Moment } from '../domain/series/moment.js';
import { rangeBetween, type TimeRange } from '../domain/series/range.js';
import { formatSpan, LONGEST_SPAN, SECOND, type Span } from '../domain/series/span.js';
import type { Pace } from '../scheduling/slices.js';
import type { CycleStore } from './cycle-store.js';
import { pastDamage } from './past-damage.js';
import { SeriesFault } from './series-fault.js';
import type { SkipStore } from './skip-store.js';
import { extentOf, type TimeExtent } from './time-extent.js';
import { intervalsOf, type TurnChunks } from './turn-chunk.js';

export interface GapReaderOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  /** The stored turns; of each, its time and its interval are read. */
  readonly times: TurnChunks;
  readonly skips: Pick<SkipStore, 'following'>;
  readonly extent: TimeExtent;
  /** What `now` means where nothing is stored, milliseconds since 1970. */
  readonly clock: () => number;
}

export interface GapRequest {
  readonly from: Moment;
  readonly to: Moment;
  /** Shorter ones are left out. */
  readonly longerThan: Span | null;
}

export interface GapLimits {
  /** How many turns are looked at. */
  readonly turns: number;
  /** How many gaps there are in an answer. */
  readonly gaps: number;
}

/** Why turns of a gap were not completed, and how many. */
export interface GapReason {
  readonly code: string;
  readonly message: string;
  readonly count: number;
}

export interface Gap extends TimeGap {
  /** The most frequent first; empty where nothing is recorded: no instance ran. */
  readonly reasons: readonly GapReason[];
}

/** Stands for a gap that goes back in time. */
const CLOCK_STEPPED_BACK = 'CLOCK_STEPPED_BACK';
export const MOST_REASONS = 20;
/** Of how many gaps the skips are read at a time. */
const AT_ONCE = 16;

/** Finds where time is missing between stored turns, or goes back, and why. */
export class GapReader {
  readonly #options: GapReaderOptions;

  constructor(options: GapReaderOptions) {
    this.#options = options;
  }

  /**
   * The gaps that a range touches, in the order of turns.
   * @throws {SeriesFault}
   */
  read(
    request: GapRequest,
    limits: GapLimits,
    pace: Pace,
    onTurn?: (turn: number) => void,
  ): Promise<Gap[]> {
    return pastDamage(() => this.#read(request, limits, pace, onTurn));
  }

  async #read(
    { from, to, longerThan }: GapRequest,
    limits: GapLimits,
    pace: Pace,
    onTurn: (turn: number) => void = () => undefined,
  ): Promise<Gap[]> {
    const { extent, clock } = this.#options;
    const range = rangeBetween(from, to, await extentOf(extent, clock));
    if (isFault(range)) throw new SeriesFault('from', range.words);
    const ends = await this.#endsAround(range);
    if (!ends) return [];
    const { first, last } = ends;
    const found = last - first + 1;
    if (found > limits.turns) {
      const limit = { name: 'turns', allowed: limits.turns, found };
      throw new SeriesFault('from', 'take a shorter range', limit);
    }
    const gaps: TimeGap[] = [];
    const lengths: number[] = [];
    for await (const gap of this.#gapsBetween(first, last, pace, onTurn)) {
      const isIn = Math.min(gap.from, gap.to) < range.to && Math.max(gap.from, gap.to) > range.from;
      const length = Math.abs(gap.to - gap.from);
      if (!isIn || length <= (longerThan ?? 0)) continue;
      lengths.push(length);
      if (gaps.length < limits.gaps) gaps.push(gap);
    }
    if (lengths.length > limits.gaps) throw tooMany(lengths, limits.gaps);
    return this.#explained(gaps, pace);
  }

  /** From the turn before those of a range to the one after them; null where there is nothing between two. */
  async #endsAround({ from, to }: TimeRange) {
    if (from === to) return null;
    const { cycles } = this.#options;
    const end = async (range: Partial<Parameters<CycleStore['range']>[0]>) => {
      const order = range.order ?? 'NEWEST_FIRST';
      return (await cycles.range({ ...range, order, limit: 1 }))[0]?.turn;
    };
    const [first, last] = await Promise.all([
      end({ from, to, order: 'OLDEST_FIRST' }),
      end({ from, to }),
    ]);
    const before = await end(first === undefined ? { to: from } : { beforeTurn: first });
    const [start, afterTurn] = [before ?? first, last ?? before];
    if (start === undefined || afterTurn === undefined) return null;
    const after = await end({ afterTurn, order: 'OLDEST_FIRST' });
    return { first: start, last: after ?? afterTurn };
  }

  async *#gapsBetween(
    first: number,
    last: number,
    pace: Pace,
    onTurn: (turn: number) => void,
  ): AsyncGenerator<TimeGap> {
    const finder = new GapFinder();
    for await (const chunk of this.#options.times.chunks(
      Math.max(1, first - TURNS_BEFORE),
      last,
      pace,
    )) {
      const intervals = await intervalsOf(chunk, pace);
      for (const [at, turn] of chunk.turns.entries()) {
        if (pace.isSpent) await pace.next();
        const observedAt = chunk.observedAt[at] as number;
        if (Number.isNaN(observedAt)) continue;
        const interval = intervals[at] as number;
        const intervalMs = Number.isNaN(interval) ? null : interval;
        const gap = finder.add({ turn, observedAt, intervalMs });
        if (gap && gap.afterTurn >= first) yield gap;
      }
      onTurn(chunk.turns.at(-1) ?? first);
    }
  }

  async #explained(gaps: readonly TimeGap[], pace: Pace): Promise<Gap[]> {
    const explained: Gap[] = [];
    for (let at = 0; at < gaps.length; at += AT_ONCE) {
      if (pace.isSpent) await pace.next();
      const some = gaps.slice(at, at + AT_ONCE).map(async (gap) => {
        const runs = await this.#options.skips.following(gap.afterTurn, gap.beforeTurn - 1);
        return { ...gap, reasons: reasonsOf(gap, runs) };
      });
      explained.push(...(await Promise.all(some)));
    }
    return explained;
  }
}

function reasonsOf(gap: TimeGap, runs: readonly GapReason[]): GapReason[] {
  const reasons = new Map<string, GapReason>();
  for (const { code, message, count } of runs) {
    const key = JSON.stringify([code, message]);
    reasons.set(key, { code, message, count: count + (reasons.get(key)?.count ?? 0) });
  }
  const most = [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, MOST_REASONS);
  if (!gap.isBackwards) return most;
  const message = `the time of observation went back by ${gap.from - gap.to} ms`;
  return [{ code: CLOCK_STEPPED_BACK, message, count: 1 }, ...most].slice(0, MOST_REASONS);
}

/** Says which of them would be few enough. */
function tooMany(lengths: readonly number[], allowed: number): SeriesFault {
  const sorted = Float64Array.from(lengths).sort().reverse();
  const span = Math.max(1, Math.ceil((sorted[allowed] as number) / SECOND)) * SECOND;
  const way = span <= LONGEST_SPAN ? `${formatSpan(span)} fits` : 'take a shorter range';
  return new SeriesFault(
    'longerThan',
    `leaves ${lengths.length} gaps, more than ${allowed}: ${way}`,
  );
}
