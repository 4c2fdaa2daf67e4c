import { withinOf } from '../domain/alerts/condition.js';
import { LookBack } from '../domain/alerts/look-back.js';
import type { AlertRule } from '../domain/alerts/rule.js';
import type { Asset } from '../domain/asset.js';
import { numberAt } from '../domain/cells.js';
import { NOWHERE } from '../domain/series/buckets.js';
import { isFault } from '../domain/series/fault.js';
import { pricedIn, type Line } from '../domain/series/line.js';
import type { Moment } from '../domain/series/moment.js';
import { rangeBetween, type TimeRange } from '../domain/series/range.js';
import type { Span } from '../domain/series/span.js';
import type { CycleRange, CycleStore } from '../history/cycle-store.js';
import { lastReadable } from '../history/last-readable.js';
import type { LineChunk, LineTurns } from '../history/line-turns.js';
import { pastDamage } from '../history/past-damage.js';
import { KnownAssets } from '../history/series-checks.js';
import { SeriesFault } from '../history/series-fault.js';
import { isReadable, type StoredCycle } from '../history/stored-cycle.js';
import { extentOf, type TimeExtent } from '../history/time-extent.js';
import type { Pace } from '../scheduling/slices.js';
import { ReadAllowance, type MostRead } from './read-allowance.js';
import { RuleRun, type Firing } from './rule-run.js';

export interface DryRunOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly lines: Pick<LineTurns, 'over'>;
  readonly extent: TimeExtent;
  /** The clock: what `now` means where nothing is stored, milliseconds since 1970. */
  readonly clock: () => number;
  /** How much one run reads at most. */
  readonly most?: MostRead;
}

export interface DryRunRequest {
  readonly rule: AlertRule;
  readonly from: Moment;
  readonly to: Moment;
}

export interface DryRunData {
  /** How many firings there would have been. */
  readonly total: number;
  /** The newest of them, newest last. */
  readonly firings: readonly Firing[];
  /** Where the range ends, milliseconds since 1970. */
  readonly to: number;
}

const TOO_MUCH = 'take a shorter range, or look back less far';
/** How often a beginning that fits is looked for: turns may lie closer where it looks back to. */
const MOST_TRIES = 4;

/** What is gone through, in the order of turns. */
interface Course {
  readonly line: Line;
  /** The first turn that is judged, and the last. */
  readonly first: StoredCycle;
  readonly last: StoredCycle;
  /** The turn that reading begins with: one that may be looked back to. */
  readonly begin: StoredCycle;
  readonly within: Span | null;
  readonly allowance: ReadAllowance;
  readonly pace: Pace;
}

/** What a rule would have fired, had it been saved just before a range of time. */
export class DryRun {
  readonly #options: DryRunOptions;

  constructor(options: DryRunOptions) {
    this.#options = options;
  }

  /**
   * Judges every turn from the first that was observed in the range to the last one.
   * @throws {SeriesFault} that names `from`, or a part of the rule, for example `line.asset`
   */
  read(request: DryRunRequest, pace: Pace): Promise<DryRunData> {
    return pastDamage(() => this.#read(request, pace));
  }

  async #read({ rule, from, to }: DryRunRequest, pace: Pace): Promise<DryRunData> {
    const { cycles, extent, clock, most = {} } = this.#options;
    const range = rangeBetween(from, to, await extentOf(extent, clock));
    if (isFault(range)) throw new SeriesFault('from', range.words);
    const first = range.from === range.to ? null : await this.#first(range);
    const newest = first && (await lastReadable(cycles, range));
    const [last] = await cycles.range({ ...range, order: 'NEWEST_FIRST', limit: 1 });
    if (!first || !last || !newest) return { total: 0, firings: [], to: range.to };
    const line = pricedIn(rule.line, newest.config.quantBase);
    const within = withinOf(rule.condition);
    const begin = (await this.#beginOf(within, range)) ?? first;
    const allowance = new ReadAllowance(line, newest, most);
    const course = { line, first, last, begin, within, allowance, pace };
    await this.#checkCost(course, range);
    const { total, firings } = await this.#judge(rule, course, range);
    return { total, firings, to: range.to };
  }

  async #judge(rule: AlertRule, course: Course, { from }: TimeRange): Promise<RuleRun> {
    const { line, first, begin, last, within, allowance, pace } = course;
    const since = within === null ? -Infinity : LookBack.sinceFor(within, from);
    const run = new RuleRun(rule, first.turn - 1, since);
    const known = new KnownAssets();
    for await (const part of this.#options.lines.over(
      line,
      begin,
      last.turn,
      allowance.budget,
      pace,
    )) {
      const { chunk, start, values } = part;
      const { turns, observedAt } = chunk;
      known.add(chunk, placesOf(part, first.turn));
      for (let index = start; index < values.length; index++) {
        const [turn, moment] = [numberAt(turns, index), numberAt(observedAt, index)];
        const value = numberAt(values, index);
        if (turn < first.turn) {
          run.see(moment, value);
          continue;
        }
        if (!run.canTell(moment)) run.lookBackTo(await this.#lookBackFrom(course, turn, moment));
        run.take(turn, moment, value);
      }
    }
    known.check([line], partOf);
    return run;
  }

  /** Of the turns before one, where the clock went back further than was remembered. */
  async #lookBackFrom(course: Course, turn: number, observedAt: number): Promise<LookBack> {
    const { line, allowance, pace } = course;
    const within = course.within as Span;
    const since = LookBack.sinceFor(within, observedAt);
    const lookBack = new LookBack(within, since);
    const begin = await this.#first({ from: since, beforeTurn: turn });
    if (!begin) return lookBack;
    allowance.spend(turn - begin.turn);
    for await (const { chunk, start, values } of this.#options.lines.over(
      line,
      begin,
      turn - 1,
      allowance.budget,
      pace,
    )) {
      for (let index = start; index < values.length; index++) {
        lookBack.add(numberAt(chunk.observedAt, index), numberAt(values, index));
      }
    }
    return lookBack;
  }

  /** The first turn of a range, or that may be looked back to from it. */
  async #beginOf(within: Span | null, range: TimeRange): Promise<StoredCycle | null> {
    const first = await this.#first(range);
    if (within === null || first === null) return first;
    const since = LookBack.sinceFor(within, range.from);
    return (await this.#first({ from: since, beforeTurn: first.turn })) ?? first;
  }

  async #first(range: Omit<CycleRange, 'order' | 'limit'>): Promise<StoredCycle | null> {
    const { cycles } = this.#options;
    return (await cycles.range({ ...range, order: 'OLDEST_FIRST', limit: 1 }))[0] ?? null;
  }

  /** @throws {SeriesFault} where too many prices would be read, with a beginning that fits */
  async #checkCost(course: Course, range: TimeRange): Promise<void> {
    const { begin, last, allowance } = course;
    const turns = last.turn - begin.turn + 1;
    const limit = allowance.excess(turns);
    if (limit === null) return allowance.spend(turns);
    const start = await this.#fittingStart(course, range);
    const way = start === null ? TOO_MUCH : `from: ${new Date(start).toISOString()} fits`;
    throw new SeriesFault('from', way, limit);
  }

  /** When the first turn was observed from which on not too much is read, with what it looks back to. */
  async #fittingStart(course: Course, range: TimeRange): Promise<number | null> {
    const { last, within, allowance } = course;
    let afterTurn = last.turn - allowance.turns;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const start = await this.#first({ ...range, afterTurn });
      if (!start || !isReadable(start)) return null;
      const { observedAt } = start.frame;
      const begin = await this.#beginOf(within, { ...range, from: observedAt });
      const excess = last.turn - (begin ?? start).turn + 1 - allowance.turns;
      if (excess <= 0) return observedAt;
      afterTurn += excess;
    }
    return null;
  }
}

/** By index: those that are judged are of the range. */
function placesOf({ chunk: { turns } }: LineChunk, firstTurn: number): Int32Array {
  return Int32Array.from(turns, (turn) => (turn < firstTurn ? NOWHERE : 0));
}

/** The part of the rule that an asset came with. */
function partOf(line: Line, asset: Asset): string {
  const parts = ['base', 'quote', 'asset', 'in'] as const;
  const named = line as Partial<Record<(typeof parts)[number], Asset | null>>;
  return `line.${parts.find((part) => named[part] === asset) ?? 'in'}`;
}
