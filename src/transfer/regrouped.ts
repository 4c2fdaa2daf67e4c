import type { Batch } from './columns.js';

type Values = Float64Array | unknown[];

/**
 * Puts rows into batches of always the same size, so that what is written does not depend on how the rows
 * came: whether turns stand in documents or in sealed blocks must not be seen in it.
 */
export class Regrouped {
  readonly #size: number;
  #waiting: Values[] | null = null;
  #rows = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns the batches that are full by now */
  *add({ rows, columns }: Batch): Generator<Batch> {
    for (let from = 0; from < rows;) {
      const to = Math.min(rows, from + this.#size - this.#rows);
      this.#waiting ??= columns.map((column) => this.#emptyLike(column));
      for (const [at, waiting] of this.#waiting.entries()) {
        const column = columns[at] as ArrayLike<unknown>;
        const start = this.#rows - from;
        for (let row = from; row < to; row++) waiting[start + row] = column[row];
      }
      this.#rows += to - from;
      from = to;
      if (this.#rows === this.#size) yield* this.rest();
    }
  }

  /** What is left, if anything. */
  *rest(): Generator<Batch> {
    if (!this.#waiting || this.#rows === 0) return;
    const rows = this.#rows;
    const columns = this.#waiting.map((column) => column.slice(0, rows));
    [this.#waiting, this.#rows] = [null, 0];
    yield { rows, columns };
  }

  #emptyLike(column: ArrayLike<unknown>): Values {
    return column instanceof Float64Array ? new Float64Array(this.#size) : [];
  }
}
