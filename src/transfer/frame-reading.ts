import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { ColumnType } from './columns.js';
import { FRAME_COLUMNS } from './frame-columns.js';
import type { Format } from './request.js';

/** What stands in one row of a file; rows are counted from 1, lines where they are lines. */
export type ReadRow = { readonly row: number } & (
  | { readonly value: unknown }
  | { readonly fault: string }
);

/** A file that cannot be read as what it is to be. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

type FrameFormat = Exclude<Format, 'csv'>;

/** The rows of a file of frames, in order, some at a time. @throws {FileFault} */
export async function* frameRowsOf(file: string, format: FrameFormat): AsyncGenerator<ReadRow> {
  let row = 0;
  try {
    const rows = { jsonl: linesOf, arrow: arrowRowsOf, parquet: parquetRowsOf }[format](file);
    for await (const read of rows) {
      row++;
      if (read !== null) yield { row, ...read };
    }
  } catch (error) {
    const words = (error as Error).message;
    throw new FileFault(`${file}: cannot be read as ${format} after row ${row}: ${words}`);
  }
}

type Read = { readonly value: unknown } | { readonly fault: string } | null;

async function* linesOf(file: string): AsyncGenerator<Read> {
  const input = createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Infinity });
  // What goes wrong with the stream does not reach the lines by itself.
  input.once('error', () => lines.close());
  try {
    for await (const line of lines) yield line.trim() === '' ? null : parsed(line);
    if (input.errored) throw input.errored;
  } finally {
    lines.close();
    input.destroy();
  }
}

function parsed(line: string): Read {
  try {
    return { value: topLevel(JSON.parse(line)) };
  } catch {
    return { fault: 'is no JSON' };
  }
}

async function* arrowRowsOf(file: string): AsyncGenerator<Read> {
  const { RecordBatchReader } = await import('apache-arrow');
  const handle = await open(file);
  try {
    const reader = await RecordBatchReader.from(handle);
    await reader.open();
    for await (const batch of reader) {
      for (let row = 0; row < batch.numRows; row++) yield { value: topLevel(batch.get(row)) };
    }
  } finally {
    await handle.close().catch(() => undefined);
  }
}

async function* parquetRowsOf(file: string): AsyncGenerator<Read> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } =
    await import('hyparquet');
  const source = await asyncBufferFromFile(file);
  const metadata = await parquetMetadataAsync(source);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const rows = await parquetReadObjects({ file: source, metadata, rowStart, rowEnd });
    for (const row of rows) yield { value: topLevel(row) };
    rowStart = rowEnd;
  }
}

const TYPES: ReadonlyMap<string, ColumnType> = new Map(
  FRAME_COLUMNS.map(({ name, type }) => [name, type]),
);

/** A row as plain values, whatever the format has for them; what is not known stays, to be refused. */
function topLevel(row: unknown): unknown {
  return fieldsOf(row, TYPES);
}

function fieldsOf(value: unknown, types: ReadonlyMap<string, ColumnType>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const plain = 'toJSON' in value ? (value as { toJSON(): object }).toJSON() : value;
  return Object.fromEntries(
    Object.entries(plain).map(([name, each]) => {
      const type = types.get(name);
      return [name, type === undefined ? each : plainOf(type, each)];
    }),
  );
}

function plainOf(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (type === 'time') return timeOf(value);
  if (typeof type === 'string') return value;
  if ('struct' in type) {
    return fieldsOf(value, new Map(type.struct.map((each) => [each.name, each.type])));
  }
  const isList = typeof value === 'object' && Symbol.iterator in value;
  if (!isList) return value;
  return Array.from(value as Iterable<unknown>, (each) => plainOf(type.list, each));
}

function timeOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return value;
  const at = Date.parse(value);
  const isExact = !Number.isNaN(at) && new Date(at).toISOString() === value;
  return isExact ? at : value;
}
