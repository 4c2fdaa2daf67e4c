import { CycleFigures } from '../domain/cycle.js';
import { PairGraphs } from '../domain/rates/pair-graph.js';
import { isReadable, type StoredCycle, type StoredFigures } from '../history/stored-cycle.js';

/** How many of the newest cycles stay in memory: this one, the one before, and some for latecomers. */
const KEPT_CYCLES = 16;
/** How many of those keep what was derived from them; a large universe takes megabytes each. */
const KEPT_FIGURES = 4;

/** The newest cycles, with what was derived of them. */
export class RecentCycles {
  readonly #figures = new Map<number, CycleFigures>();
  readonly #graphs = new PairGraphs();

  get(turn: number): CycleFigures | null {
    return this.#figures.get(turn) ?? null;
  }

  add(figures: CycleFigures): void {
    this.#figures.set(figures.cycle.turn, figures);
    const turns = [...this.#figures.keys()].sort((a, b) => b - a);
    for (const turn of turns.slice(KEPT_CYCLES)) this.#figures.delete(turn);
    for (const turn of turns.slice(KEPT_FIGURES, KEPT_CYCLES)) {
      const { cycle } = this.#figures.get(turn) as CycleFigures;
      this.#figures.set(turn, new CycleFigures(cycle, this.#graphs));
    }
  }

  clear(): void {
    this.#figures.clear();
  }

  /** The figures of a stored cycle, of which nothing is known yet. */
  derive(cycle: StoredCycle): StoredFigures {
    return isReadable(cycle) ? new CycleFigures(cycle, this.#graphs) : cycle;
  }
}
