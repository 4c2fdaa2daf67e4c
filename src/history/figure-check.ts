import { CycleFigures, type Cycle } from '../domain/cycle.js';
import { deriveAnew, differencesOf, type FigureDifference } from '../domain/derivation.js';
import { frameAt } from '../domain/series/frame-at.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import type { CycleStore } from './cycle-store.js';
import { isReadable } from './stored-cycle.js';
import type { TurnChunks } from './turn-chunk.js';

/**
 * What came of working out the figures of a turn anew: SAME, or they DIFFER; UNREADABLE where the turn is;
 * without the turn that it builds upon, MISSING where that is to be there, else ALONE.
 */
export interface CheckedTurn {
  readonly turn: number;
  readonly outcome: 'SAME' | 'DIFFERS' | 'UNREADABLE' | 'MISSING' | 'ALONE';
  /** The turn that it builds upon; null for none, or where it cannot be read. */
  readonly previousTurn: number | null;
  readonly differences: readonly FigureDifference[];
}

export interface FigureCheckOptions {
  readonly chunks: TurnChunks;
  readonly cycles: Pick<CycleStore, 'byTurns'>;
  /** The first turn that is stored: one before it was removed for its age. */
  readonly oldestTurn: number;
}

/** Works out anew what is stored of figures, each turn from its frame and from what is stored of the turn before. */
export class FigureCheck {
  readonly #options: FigureCheckOptions;
  #last: CycleFigures | null = null;

  constructor(options: FigureCheckOptions) {
    this.#options = options;
  }

  async *over(first: number, last: number, pace: Pace = firstPace()): AsyncGenerator<CheckedTurn> {
    for await (const chunk of this.#options.chunks.chunks(first, last, pace)) {
      const pairs = await chunk.load(chunk.listed, pace);
      const records = await chunk.records(pace);
      for (const [at, turn] of chunk.turns.entries()) {
        if (pace.isSpent) await pace.next();
        const record = records[at];
        if (!record) yield { turn, outcome: 'UNREADABLE', previousTurn: null, differences: [] };
        else {
          const frame = frameAt({ observedAt: chunk.observedAt, pairs }, at);
          yield await this.#check({ ...record, frame });
        }
      }
    }
  }

  async #check(cycle: Cycle): Promise<CheckedTurn> {
    const { turn, previousTurn } = cycle;
    const checked = { turn, previousTurn, differences: [] };
    const previous = await this.#previousOf(cycle);
    if (typeof previous === 'string') {
      this.#last = new CycleFigures(cycle, this.#last?.graphs);
      return { ...checked, outcome: previous };
    }
    const derived = deriveAnew(cycle, previous);
    // What follows goes by what is stored, so that a fault is named where it is, and nowhere else.
    this.#last = new CycleFigures(cycle, derived.graphs, derived);
    const differences = differencesOf(cycle, derived.cycle);
    return { ...checked, outcome: differences.length === 0 ? 'SAME' : 'DIFFERS', differences };
  }

  async #previousOf({ previousTurn }: Cycle): Promise<CycleFigures | null | 'MISSING' | 'ALONE'> {
    if (previousTurn === null) return null;
    if (this.#last?.turn === previousTurn) return this.#last;
    const [stored] = await this.#options.cycles.byTurns([previousTurn]);
    if (!stored) return previousTurn > this.#options.oldestTurn ? 'MISSING' : 'ALONE';
    return isReadable(stored) ? new CycleFigures(stored, this.#last?.graphs) : 'ALONE';
  }
}
