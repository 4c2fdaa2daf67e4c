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

/** The runs of some turns that follow each other. */
export interface RunsOfTurns {
  /** The first of these turns that is in the answer; NaN where none is. */
  readonly firstTurn: number;
  /** How many runs there are. */
  readonly count: number;
  /** The first of them. */
  readonly list: Iterable<Run>;
  /** The code of the last turn that is in the answer. */
  readonly lastCode: number;
}

/** Finds runs of equal codes, chunk by chunk. */
export class Runs implements RunsOfTurns {
  readonly #kept: { fromTurn: number; toTurn: number; code: number }[] = [];
  #count = 0;
  #firstTurn = NaN;
  #lastCode = NO_RUN;

  get firstTurn(): number {
    return this.#firstTurn;
  }

  get count(): number {
    return this.#count;
  }

  get list(): readonly Run[] {
    return this.#kept;
  }

  get lastCode(): number {
    return this.#lastCode;
  }

  /**
   * Adds some turns, which come in order over all calls; those that are in no bucket are passed over.
   * @param codes by index; {@link NO_RUN} where the turn belongs to none
   */
  add(turns: Float64Array, places: Int32Array, codes: Int32Array): void {
    if (Number.isNaN(this.#firstTurn)) {
      const first = places.findIndex((place) => place !== NOWHERE);
      if (first === -1) return;
      this.#firstTurn = numberAt(turns, first);
    }
    for (let index = 0, end: number; index < codes.length; index = end) {
      end = index + 1;
      if (indexAt(places, index) === NOWHERE) continue;
      const code = indexAt(codes, index);
      while (end < codes.length && indexAt(codes, end) === code && places[end] !== NOWHERE) end++;
      if (code !== NO_RUN) this.#extend(code, numberAt(turns, index), numberAt(turns, end - 1));
      this.#lastCode = code;
    }
  }

  /** Adds the runs of turns that follow: one that goes on from here is one with that of here. */
  append({ firstTurn, count, list, lastCode }: RunsOfTurns): void {
    if (Number.isNaN(firstTurn)) return;
    if (Number.isNaN(this.#firstTurn)) this.#firstTurn = firstTurn;
    let joined = 0;
    for (const { fromTurn, toTurn, code } of list) {
      if (fromTurn === firstTurn && code === this.#lastCode) {
        const last = this.#kept[this.#count - 1];
        if (last) last.toTurn = toTurn;
        joined = 1;
      } else if (this.#kept.length < KEPT_RUNS) this.#kept.push({ fromTurn, toTurn, code });
      else break;
    }
    this.#count += count - joined;
    this.#lastCode = lastCode;
  }

  #extend(code: number, fromTurn: number, toTurn: number): void {
    if (code !== this.#lastCode) {
      if (this.#count++ < KEPT_RUNS) this.#kept.push({ fromTurn, toTurn, code });
      return;
    }
    const last = this.#kept[this.#count - 1];
    if (last) last.toTurn = toTurn;
  }
}
