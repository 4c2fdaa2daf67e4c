import { stringify } from 'csv-stringify/sync';
import { isNone, type Batch, type Column, type RowWriter } from './columns.js';
import { timeText } from './text.js';

const RFC_4180 = { record_delimiter: 'windows' } as const;

/** Comma separated values (RFC 4180), a header first; nothing between two commas where there is no value. */
export class CsvWriter implements RowWriter {
  readonly #columns: readonly Column[];
  #isBegun = false;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
  }

  write({ rows, columns }: Batch): Uint8Array[] {
    const records = Array.from({ length: rows }, (_, row) =>
      this.#columns.map(({ type }, at) => {
        const value = columns[at]?.[row];
        if (isNone(value)) return null;
        return type === 'time' ? timeText(value as unknown as number) : value;
      }),
    );
    return [...this.#begin(), Buffer.from(stringify(records, RFC_4180))];
  }

  end(): Uint8Array[] {
    return this.#begin();
  }

  #begin(): Uint8Array[] {
    if (this.#isBegun) return [];
    this.#isBegun = true;
    return [Buffer.from(stringify([this.#columns.map(({ name }) => name)], RFC_4180))];
  }
}
