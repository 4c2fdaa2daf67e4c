import { numberAt } from '../domain/cells.js';
import { CycleFigures } from '../domain/cycle.js';
import {
  comparesTurns,
  evaluatorOf,
  isWindowLine,
  type Line,
  type TurnLine,
} from '../domain/series/line.js';
import type { CycleStore } from '../history/cycle-store.js';
import { LinePass } from '../history/line-pass.js';
import type { LineValues } from '../history/line-values.js';
import { isReadable, turnBuiltUpon } from '../history/stored-cycle.js';
import type { TurnChunk, TurnChunks } from '../history/turn-chunk.js';
import type { Pace } from '../scheduling/slices.js';
import type { EarlierTurns, EarlierValues } from './look-backs.js';

/** How many cycles are read at a time where a line is worked out of each of them. */
const PAGE = 16;

interface EarlierLinesOptions {
  readonly cycles: Pick<CycleStore, 'range' | 'byTurns'>;
  readonly chunks: TurnChunks;
  readonly values: Pick<LineValues, 'valuesAt'>;
}

/** Reads lines at stored turns, all of them in one pass over the columns; those of windows cycle by cycle. */
export class EarlierLines implements EarlierValues {
  readonly #options: EarlierLinesOptions;

  constructor(options: EarlierLinesOptions) {
    this.#options = options;
  }

  async *read(
    lines: readonly Line[],
    since: number,
    beforeTurn: number,
    pace: Pace,
  ): AsyncGenerator<EarlierTurns> {
    const { cycles, chunks } = this.#options;
    const asked = { from: since, beforeTurn, order: 'OLDEST_FIRST', limit: 1 } as const;
    const [first] = await cycles.range(asked);
    if (!first) return;
    const ofTurns = lines.filter((line): line is TurnLine => !isWindowLine(line));
    const ofWindows = lines.filter(isWindowLine);
    const begin = ofTurns.some(comparesTurns) ? turnBuiltUpon(first) : first.turn;
    const pass = new LinePass(
      ofTurns.map((line) => evaluatorOf(line, '')),
      pace,
    );
    for await (const chunk of chunks.chunks(begin, beforeTurn - 1, pace)) {
      const start = chunk.turns.findIndex((turn) => turn >= first.turn);
      const found = await pass.over(chunk);
      if (start < 0) continue;
      const windows = await this.#windowsOver(chunk, start, ofWindows, pace);
      const values = lines.map((line) =>
        isWindowLine(line)
          ? (windows[ofWindows.indexOf(line)] as Float64Array)
          : (found[ofTurns.indexOf(line)]?.values.subarray(start) as Float64Array),
      );
      yield { observedAt: chunk.observedAt.subarray(start), values };
    }
  }

  /** By line, from an index on. */
  async #windowsOver(
    chunk: TurnChunk,
    start: number,
    lines: readonly Line[],
    pace: Pace,
  ): Promise<Float64Array[]> {
    const length = chunk.turns.length - start;
    const columns = lines.map(() => new Float64Array(length).fill(NaN));
    if (lines.length === 0) return columns;
    for (let from = 0; from < length; from += PAGE) {
      const places = new Map<number, number>();
      for (let at = from; at < Math.min(length, from + PAGE); at++)
        places.set(numberAt(chunk.turns, start + at), at);
      for (const cycle of await this.#options.cycles.byTurns([...places.keys()], pace)) {
        if (pace.isSpent) await pace.next();
        if (!isReadable(cycle)) continue;
        const values = await this.#options.values.valuesAt(new CycleFigures(cycle), lines, pace);
        const at = places.get(cycle.turn) as number;
        columns.forEach((column, line) => (column[at] = values[line] ?? NaN));
      }
    }
    return columns;
  }
}
