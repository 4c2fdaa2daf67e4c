import { PairGraphs } from '../domain/rates/pair-graph.js';
import {
  comparesTurns,
  evaluatorOf,
  isWindowLine,
  type Line,
  type TurnLine,
} from '../domain/series/line.js';
import type { Pace } from '../scheduling/slices.js';
import { placeOfTurn } from './chunk-places.js';
import type { CycleStore } from './cycle-store.js';
import { LinePass } from './line-pass.js';
import { turnBuiltUpon, type StoredCycle } from './stored-cycle.js';
import type { TurnChunk, TurnChunks } from './turn-chunk.js';
import { WindowTurns, type TurnsBudget } from './window-turns.js';

/** A line at some consecutive stored turns, oldest first. */
export interface LineChunk {
  readonly chunk: TurnChunk;
  /** Where the turns that were asked for begin, by index. */
  readonly start: number;
  /** By index; NaN where it has none. */
  readonly values: Float64Array;
}

interface LineTurnsOptions {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
}

/** Reads a line at each stored turn of a range, chunk by chunk: nothing of it is kept. */
export class LineTurns {
  readonly #options: LineTurnsOptions;

  constructor(options: LineTurnsOptions) {
    this.#options = options;
  }

  /**
   * From a turn to another, both included, in order.
   * @param line with the asset that it is priced in
   * @param budget for what is read beside these turns, and for windows
   */
  over(
    line: Line,
    first: StoredCycle,
    lastTurn: number,
    budget: TurnsBudget,
    pace: Pace,
  ): AsyncIterable<LineChunk> {
    if (isWindowLine(line)) {
      return new WindowTurns(this.#options, line, pace).over(first, lastTurn, budget);
    }
    return this.#overTurns(line, first, lastTurn, pace);
  }

  async *#overTurns(
    line: TurnLine,
    first: StoredCycle,
    lastTurn: number,
    pace: Pace,
  ): AsyncGenerator<LineChunk> {
    const begin = comparesTurns(line) ? turnBuiltUpon(first) : first.turn;
    const pass = new LinePass([evaluatorOf(line, '')], pace, new PairGraphs());
    for await (const chunk of this.#options.chunks.chunks(begin, lastTurn, pace)) {
      const [own] = await pass.over(chunk);
      const start = placeOfTurn(chunk.turns, first.turn);
      if (own && start < chunk.turns.length) yield { chunk, start, values: own.values };
      if (pace.isSpent) await pace.next();
    }
  }
}
