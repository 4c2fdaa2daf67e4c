import { CycleFigures, type Cycle } from '../domain/cycle.js';
import { deriveAnew, differencesOf, type FigureDifference } from '../domain/derivation.js';
import { firstPace, type Pace } from '../scheduling/slices.js';
import { blockOf } from './blocks/block.js';
import type { BlockRemoval } from './blocks/block-removal.js';
import type { CycleStore } from './cycle-store.js';
import { isReadable } from './stored-cycle.js';
import type { TurnDocuments } from './turn-documents.js';

/** Writes cycles anew. */
export interface CycleRewrite {
  /**
   * Puts a cycle in the place of the one with its turn, in one step. Its id stays, and a check vouches for it.
   * @param id of the document that is there
   * @returns whether it was there
   */
  replace(cycle: Cycle, id: string): Promise<boolean>;
}

/**
 * What came of a turn: SAME, or it CHANGES; PASSED where it cannot be read, or the turn that it builds upon
 * is not there.
 */
export interface RecomputedTurn {
  readonly turn: number;
  readonly outcome: 'SAME' | 'CHANGES' | 'PASSED';
  readonly differences: readonly FigureDifference[];
}

export interface RecomputeOptions {
  readonly documents: Pick<TurnDocuments, 'documents'>;
  readonly cycles: Pick<CycleStore, 'byTurns'>;
  /** Without it nothing is stored. */
  readonly write: {
    readonly rewrite: CycleRewrite;
    readonly removal: Pick<BlockRemoval, 'with'>;
    /** @throws where it may not be written any more */
    readonly check: () => void;
  } | null;
}

/**
 * Works out quants and strategy figures anew from the frames, each turn upon the one before as that comes out
 * anew. What is written replaces the document; a sealed block with the turn is taken away before.
 */
export class Recompute {
  readonly #options: RecomputeOptions;
  #last: CycleFigures | null = null;
  #openedBlock = -1;

  constructor(options: RecomputeOptions) {
    this.#options = options;
  }

  async *over(
    first: number,
    last: number,
    pace: Pace = firstPace(),
  ): AsyncGenerator<RecomputedTurn> {
    for await (const { cycle, id } of this.#options.documents.documents(first, last, pace)) {
      if (pace.isSpent) await pace.next();
      const { turn } = cycle;
      const previous = isReadable(cycle) ? await this.#previousOf(cycle) : 'UNKNOWN';
      if (!isReadable(cycle) || previous === 'UNKNOWN') {
        if (isReadable(cycle)) this.#last = new CycleFigures(cycle, this.#last?.graphs);
        yield { turn, outcome: 'PASSED', differences: [] };
        continue;
      }
      this.#last = deriveAnew(cycle, previous);
      const differences = differencesOf(cycle, this.#last.cycle);
      if (differences.length > 0) await this.#store(this.#last.cycle, id);
      yield { turn, outcome: differences.length > 0 ? 'CHANGES' : 'SAME', differences };
    }
  }

  async #store(cycle: Cycle, id: string): Promise<void> {
    const { write } = this.#options;
    if (!write) return;
    write.check();
    const block = blockOf(cycle.turn);
    if (block !== this.#openedBlock) await write.removal.with(cycle.turn);
    this.#openedBlock = block;
    if (await write.rewrite.replace(cycle, id)) return;
    throw new Error(`turn ${cycle.turn} was removed or replaced meanwhile`);
  }

  async #previousOf({ previousTurn }: Cycle): Promise<CycleFigures | null | 'UNKNOWN'> {
    if (previousTurn === null) return null;
    if (this.#last?.turn === previousTurn) return this.#last;
    const [stored] = await this.#options.cycles.byTurns([previousTurn]);
    if (!stored || !isReadable(stored)) return 'UNKNOWN';
    return new CycleFigures(stored, this.#last?.graphs);
  }
}
