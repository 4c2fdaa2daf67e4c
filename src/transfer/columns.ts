/**
 * What a column holds, in every format alike.
 * - whole: a whole number, such as a turn.
 * - time: milliseconds since 1970.
 * - double: a number; NaN stands for none.
 */
export type ColumnType =
  | 'whole'
  | 'time'
  | 'double'
  | 'text'
  | 'flag'
  | { readonly list: ColumnType; readonly mayHaveNulls?: true }
  | { readonly struct: readonly Column[] };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly mayBeNull?: true;
}

/** Some rows, column by column; null or NaN where there is no value. */
export interface Batch {
  readonly rows: number;
  readonly columns: readonly ArrayLike<unknown>[];
}

/** Writes rows as bytes of a format, as they come. */
export interface RowWriter {
  /** @returns what is to be sent by now; a format may wait for more rows */
  write(batch: Batch): Uint8Array[];
  /** What is left to be sent. */
  end(): Uint8Array[];
}

/** Whether there is no value. */
export function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined || Number.isNaN(value);
}
