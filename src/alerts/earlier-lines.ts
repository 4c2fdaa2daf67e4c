import { numberAt } from '../domain/cells.js';
import { CycleFigures } from '../domain/cycle.js';
import {
  comparesTurns,
  evaluatorOf,
  isWindowLine,
  type Line,
  type TurnLine,
} from '../domain/series/line.js';
import { placeOfTurn } from '../history/chunk-places.js';
import type { CycleStore } from '../history/cycle-store.js';
import { LinePass } from '../history/line-pass.js';
import type { LineTurns } from '../history/line-turns.js';
import type { LineValues } from '../history/line-values.js';
import { SeriesFault } from '../history/series-fault.js';
import { isReadable, turnBuiltUpon, type StoredCycle } from '../history/stored-cycle.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { Pace } from '../scheduling/slices.js';
import type { EarlierTurns, EarlierValues } from './look-backs.js';

/** How many cycles are read at a time where a line is worked out of each of them. */
const PAGE = 16;

interface EarlierLinesOptions {
  readonly cycles: Pick<CycleStore, 'range' | 'byTurns'>;
  readonly chunks: TurnChunks;
  readonly lines: Pick<LineTurns, 'over'>;
  readonly values: Pick<LineValues, 'valuesAt'>;
}

/** A line at some turns, which it has by itself. */
interface OwnTurns {
  readonly observedAt: Float64Array;
  readonly values: Float64Array;
}

/** Reads lines at stored turns, all of them in one pass over the columns; each of those over windows in its own. */
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
    const { cycles } = this.#options;
    const asked = { from: since, beforeTurn, order: 'OLDEST_FIRST', limit: 1 } as const;
    const [first] = await cycles.range(asked);
    if (!first) return;
    const lastTurn = beforeTurn - 1;
    yield* this.#ofTurns(lines, first, lastTurn, pace);
    for (const [place, line] of lines.entries()) {
      if (!isWindowLine(line)) continue;
      for (const { observedAt, values } of await this.#ofWindows(line, first, lastTurn, pace)) {
        yield { observedAt, values: lines.map((_, at) => (at === place ? values : null)) };
      }
    }
  }

  async *#ofTurns(
    lines: readonly Line[],
    first: StoredCycle,
    lastTurn: number,
    pace: Pace,
  ): AsyncGenerator<EarlierTurns> {
    const ofTurns = lines.filter((line): line is TurnLine => !isWindowLine(line));
    if (ofTurns.length === 0) return;
    const begin = ofTurns.some(comparesTurns) ? turnBuiltUpon(first) : first.turn;
    const pass = new LinePass(
      ofTurns.map((line) => evaluatorOf(line, '')),
      pace,
    );
    for await (const chunk of this.#options.chunks.chunks(begin, lastTurn, pace)) {
      const start = placeOfTurn(chunk.turns, first.turn);
      const found = await pass.over(chunk);
      if (start === chunk.turns.length) continue;
      const values = lines.map((line) =>
        isWindowLine(line) ? null : (found[ofTurns.indexOf(line)]?.values.subarray(start) ?? null),
      );
      yield { observedAt: chunk.observedAt.subarray(start), values };
    }
  }

  async #ofWindows(
    line: Line,
    first: StoredCycle,
    lastTurn: number,
    pace: Pace,
  ): Promise<readonly OwnTurns[]> {
    const turns: OwnTurns[] = [];
    // However much that is: the rule is to be judged.
    const budget = { prices: Infinity, returns: Infinity };
    try {
      const parts = this.#options.lines.over(line, first, lastTurn, budget, pace);
      for await (const { chunk, start, values } of parts) {
        turns.push({
          observedAt: chunk.observedAt.slice(start),
          values: values.slice(start),
        });
      }
      return turns;
    } catch (error) {
      // Where the clock has leapt, its windows would take too much memory together.
      if (!(error instanceof SeriesFault)) throw error;
      return this.#cycleByCycle(line, first, lastTurn, pace);
    }
  }

  async #cycleByCycle(
    line: Line,
    first: StoredCycle,
    lastTurn: number,
    pace: Pace,
  ): Promise<readonly OwnTurns[]> {
    const found: OwnTurns[] = [];
    for await (const { turns, observedAt } of this.#options.chunks.chunks(
      first.turn,
      lastTurn,
      pace,
    )) {
      const values = new Float64Array(turns.length).fill(NaN);
      for (let from = 0; from < turns.length; from += PAGE) {
        const places = new Map<number, number>();
        for (let at = from; at < Math.min(turns.length, from + PAGE); at++)
          places.set(numberAt(turns, at), at);
        for (const cycle of await this.#options.cycles.byTurns([...places.keys()], pace)) {
          if (pace.isSpent) await pace.next();
          if (!isReadable(cycle)) continue;
          const figures = new CycleFigures(cycle);
          const [value] = await this.#options.values.valuesAt(figures, [line], pace);
          values[places.get(cycle.turn) as number] = value ?? NaN;
        }
      }
      found.push({ observedAt: observedAt.slice(), values });
    }
    return found;
  }
}
