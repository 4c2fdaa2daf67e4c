import type { Column, RowWriter } from './columns.js';
import type { Format } from './request.js';

/**
 * A writer of a format, whose library is loaded when it is first asked for.
 * @param valuesOfRow about how many values a row has, those within lists counted each
 */
export async function openWriter(
  format: Format,
  columns: readonly Column[],
  valuesOfRow: number,
): Promise<RowWriter> {
  switch (format) {
    case 'csv':
      return new (await import('./csv-writer.js')).CsvWriter(columns);
    case 'jsonl':
      return new (await import('./jsonl-writer.js')).JsonlWriter(columns);
    case 'arrow':
      return new (await import('./arrow-writer.js')).ArrowWriter(columns);
    case 'parquet':
      return new (await import('./parquet-writer.js')).ParquetWriter(columns, valuesOfRow);
  }
}
