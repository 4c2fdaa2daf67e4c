import type { Asset, Universe } from '../domain/asset.js';
import { LineAggregates } from '../domain/series/aggregate.js';
import type { Buckets } from '../domain/series/buckets.js';
import { assetsOf, type WindowLength, type WindowLine } from '../domain/series/line.js';
import { codesOfMembers, nullReason } from '../domain/series/null-reasons.js';
import { NO_RUN, Runs } from '../domain/series/runs.js';
import type { WindowCourse } from '../domain/window/window-course.js';
import type { Pace } from '../scheduling/slices.js';
import type { SeenRun, SeenTurns } from './seen-turns.js';
import type { SeriesLineData } from './series-data.js';
import { SeriesFault } from './series-fault.js';
import { MOST_RETURNS, type WindowWork } from './window-work.js';

export interface WindowAnswerOptions {
  readonly lines: readonly WindowLine[];
  readonly numeraire: Asset;
  readonly window: WindowLength;
  readonly seen: SeenTurns;
  readonly course: WindowCourse;
  readonly work: WindowWork;
  readonly buckets: Buckets;
  /** What one window takes, and all of them may take. */
  readonly returnsOfWindow: number;
  readonly mostReturns?: number | undefined;
  /** What would fit: a span of so many points at most, and the part from an open bucket on, in words. */
  readonly fitting: {
    readonly every: (points: number) => string;
    readonly part: (open: number) => string;
  };
}

/** All that an answer has of a line beside the last values. */
interface Whole {
  readonly aggregates: LineAggregates;
  readonly nulls: Runs;
}

/**
 * The lines of an answer over windows. The last value of a bucket takes one window, most often that of its last
 * turn; all else takes every window of the bucket, and is worked out once somebody asks for it.
 */
export class WindowAnswer {
  readonly #options: WindowAnswerOptions;
  readonly #most: number;
  readonly #codes = new WeakMap<Universe, Int32Array>();
  readonly #unreadable: Int32Array;
  /** By line and point; NaN where there is none. */
  #last: Float64Array[] = [];
  #whole: Promise<readonly Whole[]> | null = null;
  #known: readonly Whole[] | null = null;

  constructor(options: WindowAnswerOptions) {
    this.#options = options;
    this.#most = Math.floor((options.mostReturns ?? MOST_RETURNS) / options.returnsOfWindow);
    this.#unreadable = this.#codesOf([null]);
  }

  /** @throws {SeriesFault} where that takes too many windows, with an `every` that fits */
  async workOutLast(pace: Pace): Promise<void> {
    const { lines, seen, work, buckets, fitting } = this.#options;
    const needed = await this.#lastWindows(pace);
    if (needed > this.#most) {
      throw this.#tooMany('every', `${fitting.every(this.#most)} fits`, needed);
    }
    this.#last = lines.map(() => new Float64Array(buckets.size).fill(NaN));
    let worked = 0;
    for (let at = seen.length - 1; at >= 0; at--) {
      if (pace.isSpent) await pace.next();
      const run = seen.run(at);
      const codes = this.#codesAt(run);
      for (const [line, last] of this.#last.entries()) {
        if (codes[line] !== NO_RUN || !Number.isNaN(last[run.place])) continue;
        if (!work.isDone(run.window)) {
          if (++worked > this.#most) throw this.#tooMany('from', 'take a shorter range', worked);
          await work.workOut(run.window, pace);
        }
        last[run.place] = work.get(line, run.window).value;
      }
    }
  }

  lines(): readonly SeriesLineData[] {
    const { lines, buckets } = this.#options;
    return lines.map((line, at): SeriesLineData => {
      const whole = (): Whole => {
        const known = this.#known?.[at];
        if (!known) throw new Error('complete() was not called');
        return known;
      };
      return {
        line,
        values: (of) => {
          if (of === 'LAST') return this.#last[at] as Float64Array;
          return whole().aggregates.values(of, buckets.size);
        },
        get staleCounts() {
          return whole().aggregates.staleCounts.subarray(0, buckets.size);
        },
        pathCount: null,
        paths: [],
        get nullCount() {
          return whole().nulls.count;
        },
        get nulls() {
          return whole().nulls.list.map(({ fromTurn, toTurn, code }) => {
            return { fromTurn, toTurn, reason: nullReason(code) };
          });
        },
        complete: async (pace) => {
          await this.#complete(pace);
        },
      };
    });
  }

  async #complete(pace: Pace): Promise<void> {
    this.#whole ??= this.#workOutAll(pace);
    this.#known = await this.#whole;
  }

  /** @throws {SeriesFault} where that takes too many windows */
  async #workOutAll(pace: Pace): Promise<readonly Whole[]> {
    const { lines, seen, work, buckets } = this.#options;
    await this.#checkAll(pace);
    const all = lines.map(() => ({
      aggregates: new LineAggregates(buckets.size),
      nulls: new Runs(),
    }));
    for (let at = 0; at < seen.length; at++) {
      if (pace.isSpent) await pace.next();
      const run = seen.run(at);
      const codes = this.#codesAt(run);
      if (codes.includes(NO_RUN)) await work.workOut(run.window, pace);
      all.forEach((whole, line) => {
        const code = codes[line] as number;
        const found = code === NO_RUN ? work.get(line, run.window) : null;
        addRun(whole, run, found?.value ?? NaN, found?.isStale ?? false, found?.nullCode ?? code);
      });
    }
    return all;
  }

  async #checkAll(pace: Pace): Promise<void> {
    const { seen, work, course, fitting } = this.#options;
    const windows = new Set<number>();
    for (let at = seen.length - 1; at >= 0; at--) {
      if (pace.isSpent) await pace.next();
      const run = seen.run(at);
      if (this.#codesAt(run).includes(NO_RUN)) windows.add(run.window);
    }
    if (windows.size <= this.#most) return;
    const missing = [...windows].filter((window) => !work.isDone(window));
    if (missing.length <= this.#most) return;
    const part = fitting.part(course.openOf([...windows][this.#most - 1] as number));
    const way = `take of: LAST alone, without staleCounts and nulls, or a shorter range: ${part}`;
    throw this.#tooMany('from', way, missing.length);
  }

  /** How many windows the last turns of the points see. */
  async #lastWindows(pace: Pace): Promise<number> {
    const { seen } = this.#options;
    const windows = new Set<number>();
    const places = new Set<number>();
    for (let at = seen.length - 1; at >= 0; at--) {
      if (pace.isSpent) await pace.next();
      const run = seen.run(at);
      if (places.has(run.place) || !this.#codesAt(run).includes(NO_RUN)) continue;
      places.add(run.place);
      windows.add(run.window);
    }
    return windows.size;
  }

  #tooMany(argument: string, way: string, windows: number): SeriesFault {
    const { returnsOfWindow } = this.#options;
    const [allowed, found] = [this.#most * returnsOfWindow, windows * returnsOfWindow];
    return new SeriesFault(argument, way, { name: 'returns', allowed, found });
  }

  /** By line: why it can have no value at a run's turns. */
  #codesAt({ universe }: SeenRun): Int32Array {
    if (universe === null) return this.#unreadable;
    const known = this.#codes.get(universe);
    if (known) return known;
    const codes = this.#codesOf([universe]);
    this.#codes.set(universe, codes);
    return codes;
  }

  #codesOf(universes: readonly (Universe | null)[]): Int32Array {
    const { lines, numeraire } = this.#options;
    return Int32Array.from(lines, (line) => {
      const [code = NO_RUN] = codesOfMembers(universes, [...assetsOf(line), numeraire]);
      return code;
    });
  }
}

function addRun(
  { aggregates, nulls }: Whole,
  { place, firstTurn, lastTurn, count }: SeenRun,
  value: number,
  isStale: boolean,
  code: number,
): void {
  // The mean adds turn by turn; a run of nulls is known by its ends.
  const places = new Int32Array(count).fill(place);
  const values = new Float64Array(count).fill(value);
  aggregates.add(places, values, new Uint8Array(count).fill(isStale ? 1 : 0));
  const ends = Float64Array.from(count === 1 ? [firstTurn] : [firstTurn, lastTurn]);
  nulls.add(ends, places.subarray(0, ends.length), new Int32Array(ends.length).fill(code));
}
