import { PairGraphs } from '../domain/rates/pair-graph.js';
import { numberAt } from '../domain/cells.js';
import {
  assetsOf,
  comparesTurns,
  evaluatorOf,
  figureOfLine,
  isWindowLine,
  type Line,
  type TurnLine,
  type WindowLine,
} from '../domain/series/line.js';
import { bucketOf } from '../domain/series/span.js';
import type { Pace } from '../scheduling/slices.js';
import { LinePass } from './line-pass.js';
import { turnBuiltUpon, type StoredCycle } from './stored-cycle.js';
import type { TurnChunk, TurnChunks } from './turn-chunk.js';
import type { ReadBudget } from './window-prices.js';
import type { WindowReader } from './window-reader.js';

/** A line at some consecutive stored turns, oldest first. */
export interface LineChunk {
  readonly chunk: TurnChunk;
  /** Where the turns that were asked for begin, by index. */
  readonly start: number;
  /** By index; NaN where it has none. */
  readonly values: Float64Array;
}

interface LineTurnsOptions {
  readonly chunks: TurnChunks;
  readonly windows: Pick<WindowReader, 'figures'>;
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
   * @param budget for what is read beside these turns
   */
  over(
    line: Line,
    first: StoredCycle,
    lastTurn: number,
    budget: ReadBudget,
    pace: Pace,
  ): AsyncIterable<LineChunk> {
    if (isWindowLine(line)) return this.#overWindow(line, first, lastTurn, budget, pace);
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
      const start = chunk.turns.findIndex((turn) => turn >= first.turn);
      if (own && start !== -1) yield { chunk, start, values: own.values };
      if (pace.isSpent) await pace.next();
    }
  }

  /** A window is the same for turns that follow each other within a bucket. */
  async *#overWindow(
    line: WindowLine,
    { turn: firstTurn }: StoredCycle,
    lastTurn: number,
    budget: ReadBudget,
    pace: Pace,
  ): AsyncGenerator<LineChunk> {
    let [open, value] = [NaN, NaN];
    for await (const chunk of this.#options.chunks.chunks(firstTurn, lastTurn, pace)) {
      const { turns, observedAt, universes } = chunk;
      const values = new Float64Array(turns.length).fill(NaN);
      for (let index = 0; index < values.length; index++) {
        const [turn, moment] = [numberAt(turns, index), numberAt(observedAt, index)];
        const universe = universes[index];
        if (!universe) continue;
        const bucket = bucketOf(moment, line.step);
        const isOfUniverse = assetsOf(line).every((asset) => universe.includes(asset));
        if (bucket !== open && isOfUniverse) {
          const cycle = { turn, universe, frame: { observedAt: moment, tickers: [] } };
          const [figure] = await this.#options.windows.figures(
            { cycle, numeraire: line.in ?? '', ...lengthOf(line) },
            [figureOfLine(line)],
            budget,
            pace,
          );
          value = figure?.value ?? NaN;
        }
        open = bucket === open || isOfUniverse ? bucket : NaN;
        if (isOfUniverse) values[index] = value;
      }
      yield { chunk, start: 0, values };
    }
  }
}

/** Of its window, in buckets. */
function lengthOf(line: WindowLine) {
  const lag = line.kind === 'WINDOW' ? line.lag : 0;
  return { every: line.step, length: line.over / line.step, lag };
}
