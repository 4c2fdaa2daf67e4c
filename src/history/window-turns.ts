import { indexAt, numberAt } from '../domain/cells.js';
import { NOWHERE } from '../domain/series/buckets.js';
import {
  assetsOf,
  evaluatorOf,
  figureOfLine,
  lengthOfWindow,
  priceLine,
  type WindowLine,
} from '../domain/series/line.js';
import { bucketOf, bucketStart } from '../domain/series/span.js';
import { WindowCourse } from '../domain/window/window-course.js';
import { assetsOfFigures, WindowFigures } from '../domain/window/window-figures.js';
import type { Pace } from '../scheduling/slices.js';
import { placeOfTurn } from './chunk-places.js';
import type { CycleStore } from './cycle-store.js';
import { LinePass } from './line-pass.js';
import type { LineChunk } from './line-turns.js';
import { pairsRead } from './series-checks.js';
import { SeriesFault } from './series-fault.js';
import type { StoredCycle } from './stored-cycle.js';
import type { TurnChunk, TurnChunks } from './turn-chunk.js';
import type { ReadBudget } from './window-prices.js';
import { MOST_BYTES, WindowWork } from './window-work.js';

interface WindowTurnsOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
}

/** What may still be read, and worked out. */
export interface TurnsBudget extends ReadBudget {
  /** What windows may be made of. */
  returns: number;
}

/** The buckets that windows are made of: from the one before the first return on. */
interface Reach {
  readonly first: number;
  readonly count: number;
}

/** Some turns, where those that are asked for begin, and the window that each sees. */
interface SeenChunk {
  readonly chunk: TurnChunk;
  readonly start: number;
  readonly seen: Int32Array;
}

/** A line over a window at each stored turn of a range: each window is worked out once, as it is seen. */
export class WindowTurns {
  readonly #options: WindowTurnsOptions;
  readonly #line: WindowLine;
  readonly #pace: Pace;
  /** By window of the course. */
  readonly #values: number[] = [];

  /** @param line with the asset that it is priced in */
  constructor(options: WindowTurnsOptions, line: WindowLine, pace: Pace) {
    this.#options = options;
    this.#line = line;
    this.#pace = pace;
  }

  /** @throws {SeriesFault} where that takes too much */
  async *over(
    first: StoredCycle,
    lastTurn: number,
    budget: TurnsBudget,
  ): AsyncGenerator<LineChunk> {
    const { chunks } = this.#options;
    const line = this.#line;
    const reach = await this.#reachOf(first.turn, lastTurn);
    if (reach === null) return;
    const begin = await this.#beginOf(reach, first, budget);
    const assets = assetsOfFigures([figureOfLine(line)]);
    const course = new WindowCourse(assets.length, reach.count, checkBytes);
    const numeraire = line.in ?? '';
    const evaluators = assets.map((asset) => evaluatorOf(priceLine(asset, numeraire), numeraire));
    const pass = new LinePass(evaluators, this.#pace);
    for await (const chunk of chunks.chunks(begin.turn, lastTurn, this.#pace)) {
      const places = placesOf(chunk, line, reach);
      const seen = course.add(places, await pass.over(chunk));
      const start = placeOfTurn(chunk.turns, first.turn);
      if (start < chunk.turns.length)
        yield {
          chunk,
          start,
          values: await this.#valuesOf({ chunk, start, seen }, course, budget),
        };
    }
  }

  /** Of the turns that are asked for; null where none of them says when it was. */
  async #reachOf(firstTurn: number, lastTurn: number): Promise<Reach | null> {
    let [earliest, latest] = [Infinity, -Infinity];
    for await (const { observedAt } of this.#options.chunks.chunks(
      firstTurn,
      lastTurn,
      this.#pace,
    )) {
      for (const time of observedAt) {
        if (time < earliest) earliest = time;
        if (time > latest) latest = time;
      }
      await this.#breathe();
    }
    if (earliest > latest) return null;
    const { every, length, lag } = lengthOfWindow(this.#line);
    const first = bucketOf(earliest, every) - length - lag - 1;
    return { first, count: bucketOf(latest, every) - first + 1 };
  }

  /** The first turn before those that are asked for that may be in a window of theirs. */
  async #beginOf({ first }: Reach, asked: StoredCycle, budget: ReadBudget): Promise<StoredCycle> {
    const from = bucketStart(first, this.#line.step);
    const [begin = asked] = await this.#options.cycles.range({
      ...{ from, beforeTurn: asked.turn },
      ...{ order: 'OLDEST_FIRST', limit: 1 },
    });
    const prices =
      (asked.turn - begin.turn) * pairsRead([this.#line], null, { first: begin, last: asked });
    if (prices > budget.prices) throw tooMuch('prices read', budget.prices, prices);
    budget.prices -= prices;
    return begin;
  }

  async #valuesOf(
    { chunk: { universes }, start, seen }: SeenChunk,
    course: WindowCourse,
    budget: TurnsBudget,
  ): Promise<Float64Array> {
    const values = new Float64Array(seen.length).fill(NaN);
    const assets = assetsOf(this.#line);
    for (let index = start; index < values.length; index++) {
      const window = indexAt(seen, index);
      const universe = universes[index];
      if (window === NOWHERE || !universe) continue;
      if (assets.every((asset) => universe.includes(asset)))
        values[index] = this.#valueOf(window, course, budget);
      await this.#breathe();
    }
    return values;
  }

  #valueOf(window: number, course: WindowCourse, budget: TurnsBudget): number {
    const known = this.#values[window];
    if (known !== undefined) return known;
    const figure = figureOfLine(this.#line);
    const length = lengthOfWindow(this.#line);
    const found = WindowWork.returnsOf(course.assets, 1, length);
    if (found > budget.returns) throw tooMuch('returns', budget.returns, found);
    budget.returns -= found;
    const returns = course.returnsOf(window, length.length + length.lag);
    const { value } = new WindowFigures(assetsOfFigures([figure]), returns, length).of(figure);
    this.#values[window] = value;
    return value;
  }

  async #breathe(): Promise<void> {
    if (this.#pace.isSpent) await this.#pace.next();
  }
}

/** By index: the bucket of the turn, from the first one on. */
function placesOf({ observedAt }: TurnChunk, { step }: WindowLine, reach: Reach): Int32Array {
  const places = new Int32Array(observedAt.length).fill(NOWHERE);
  for (let index = 0; index < places.length; index++) {
    const place = bucketOf(numberAt(observedAt, index), step) - reach.first;
    if (place >= 0 && place < reach.count) places[index] = place;
  }
  return places;
}

function checkBytes(bytes: number): void {
  if (bytes > MOST_BYTES) throw tooMuch('bytes of prices', MOST_BYTES, bytes);
}

function tooMuch(name: string, allowed: number, found: number): SeriesFault {
  return new SeriesFault('from', 'take a shorter range', { name, allowed, found });
}
