import type { Pace } from '../scheduling/slices.js';
import { PreparedJson } from './json.js';
import { roundTo } from './round.js';

/** How many numbers are written between two looks at the clock. */
const PORTION = 2_000;

/** A column of an answer: numbers in order, null for NaN. One text, because it is written as one. */
export class SeriesValues extends PreparedJson {
  readonly #values: Float64Array;
  readonly #digits: number | null;
  #text: string | undefined;

  /** @param digits significant digits, 1 to 17; null for the shortest text of the same double */
  constructor(values: Float64Array, digits: number | null = null) {
    super();
    this.#values = values;
    this.#digits = digits;
  }

  override toJSON(): unknown {
    return this.values();
  }

  values(): (number | null)[] {
    return Array.from(this.#values, (value) => this.#shown(value));
  }

  override keptText(): string {
    return (this.#text ??= `[${this.#write(0, this.#values.length)}]`);
  }

  /** Makes the text at a pace, so that nothing is left to do when the answer is written. */
  async prepared(pace: Pace): Promise<this> {
    const parts: string[] = [];
    for (let from = 0; from < this.#values.length; from += PORTION) {
      if (pace.isSpent) await pace.next();
      parts.push(this.#write(from, from + PORTION));
    }
    this.#text = `[${parts.join()}]`;
    return this;
  }

  #write(from: number, to: number): string {
    return Array.from(this.#values.subarray(from, to), (value) =>
      String(this.#shown(value)),
    ).join();
  }

  #shown(value: number): number | null {
    return roundTo(Number.isFinite(value) ? value : null, this.#digits);
  }
}
