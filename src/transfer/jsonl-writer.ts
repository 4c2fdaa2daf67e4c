import type { Batch, Column, RowWriter } from './columns.js';
import { jsonObjectOf } from './text.js';

/** One JSON object a line. */
export class JsonlWriter implements RowWriter {
  readonly #textOf: ReturnType<typeof jsonObjectOf>;

  constructor(columns: readonly Column[]) {
    this.#textOf = jsonObjectOf(columns);
  }

  write({ rows, columns }: Batch): Uint8Array[] {
    let text = '';
    for (let row = 0; row < rows; row++) {
      text += `${this.#textOf((_, at) => columns[at]?.[row])}\n`;
    }
    return [Buffer.from(text)];
  }

  end(): Uint8Array[] {
    return [];
  }
}
