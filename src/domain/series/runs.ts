import { indexAt, numberAt } from '../cells.js';
import { NOWHERE } from './buckets.js';

/** The code of a turn that belongs to no run. */
export const NO_RUN = 0;
/** How many runs are kept; more are counted. */
const KEPT_RUNS = 10_000;

/** Neighbouring turns of the answer that have something in common, by a code for what it is. */
export interface Run {
  readonly fromTurn: number;
  readonly toTurn: number;
  readonly code: number;
}

/** Finds runs of equal codes, chunk by chunk. */
export class Runs {
  readonly #kept: { fromTurn: number; toTurn: number; code: number }[] = [];
  #count = 0;
  #lastCode = NO_RUN;

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** The first of them. */
  get list(): readonly Run[] {
    return this.#kept;
  }

  /**
   * Adds some turns, which come in order over all calls; those that are in no bucket are passed over.
   * @param codes by index; {@link NO_RUN} where the turn belongs to none
   */
  add(turns: Float64Array, places: Int32Array, codes: Int32Array): void {
    for (let index = 0; index < codes.length; index++) {
      if (indexAt(places, index) === NOWHERE) continue;
      const code = indexAt(codes, index);
      if (code !== NO_RUN) this.#extend(code, numberAt(turns, index));
      this.#lastCode = code;
    }
  }

  #extend(code: number, turn: number): void {
    if (code !== this.#lastCode) {
      if (this.#count++ < KEPT_RUNS) this.#kept.push({ fromTurn: turn, toTurn: turn, code });
      return;
    }
    const last = this.#kept[this.#count - 1];
    if (last) last.toTurn = turn;
  }
}
