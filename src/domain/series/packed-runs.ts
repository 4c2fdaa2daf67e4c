import { indexAt } from '../cells.js';
import { NO_RUN, type Run, type RunsOfTurns } from './runs.js';

/** About how much memory the meaning of a code takes, bytes. */
const MEANING_BYTES = 200;
/** What there is of each run: where it begins and ends, counted from the first turn, and its code. */
const NUMBERS_OF_RUN = 3;

/** Runs that are kept in little memory, with what their codes stand for: elsewhere these have others. */
export class PackedRuns<T> {
  readonly #firstTurn: number;
  readonly #count: number;
  readonly #lastCode: number;
  readonly #numbers: Int32Array;
  readonly #meanings = new Map<number, T>();

  /** @param meaningOf what a code stands for */
  constructor(
    runs: RunsOfTurns & { readonly list: readonly Run[] },
    meaningOf: (code: number) => T,
  ) {
    const { firstTurn, count, lastCode, list } = runs;
    this.#firstTurn = firstTurn;
    this.#count = count;
    this.#lastCode = lastCode;
    this.#numbers = new Int32Array(list.length * NUMBERS_OF_RUN);
    list.forEach(({ fromTurn, toTurn, code }, at) => {
      this.#numbers.set([fromTurn - firstTurn, toTurn - firstTurn, code], at * NUMBERS_OF_RUN);
    });
    const codes = new Set([lastCode, ...list.map(({ code }) => code)]);
    codes.delete(NO_RUN);
    for (const code of codes) this.#meanings.set(code, meaningOf(code));
  }

  /** About how much memory they take. */
  get bytes(): number {
    return this.#numbers.byteLength + this.#meanings.size * MEANING_BYTES;
  }

  /** @param codeOf the code of what one of them stands for, where they are to be used */
  unpacked(codeOf: (meaning: T) => number): RunsOfTurns {
    const codes = new Map([...this.#meanings].map(([code, meaning]) => [code, codeOf(meaning)]));
    return {
      firstTurn: this.#firstTurn,
      count: this.#count,
      list: { [Symbol.iterator]: () => this.#runs(codes) },
      lastCode: codes.get(this.#lastCode) ?? NO_RUN,
    };
  }

  *#runs(codes: ReadonlyMap<number, number>): Generator<Run, undefined> {
    for (let at = 0; at < this.#numbers.length; at += NUMBERS_OF_RUN) {
      yield {
        fromTurn: this.#firstTurn + indexAt(this.#numbers, at),
        toTurn: this.#firstTurn + indexAt(this.#numbers, at + 1),
        code: codes.get(indexAt(this.#numbers, at + 2)) as number,
      };
    }
  }
}
