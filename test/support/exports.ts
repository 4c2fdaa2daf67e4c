import { tableFromIPC, type Table } from 'apache-arrow';
import { readParquet, Table as WasmTable } from 'parquet-wasm/node';
import type { StoredCycle } from '../../src/history/stored-cycle.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { Exporter, type ExporterOptions } from '../../src/transfer/exporter.js';
import { readExport, type ExportRequest } from '../../src/transfer/request.js';
import { CyclesInMemory } from './chunks-of.js';
import { START } from './cycles.js';

const ORIGIN = { exchange: 'SIMULATED', source: 'https://test', account: 'PAPER' };

/** Exports what stands in memory, in chunks of so many turns. */
export function exporterOf(
  stored: readonly StoredCycle[],
  universe: readonly string[],
  { chunkSize = 32, ...options }: Partial<ExporterOptions> & { chunkSize?: number } = {},
) {
  const store = new CyclesInMemory(stored, chunkSize);
  const exporter = new Exporter({
    ...{ cycles: store, chunks: store, extent: store, universe },
    clock: () => START,
    epoch: () => 'epoch',
    origin: () => Promise.resolve(ORIGIN),
    version: '1',
    ...options,
  });
  return { store, exporter };
}

/** @throws where a parameter is at fault */
export function asked(given: Readonly<Record<string, string>>): ExportRequest {
  const read = readExport(given);
  if ('request' in read) return read.request;
  throw new Error(JSON.stringify(read.faults));
}

/** All bytes of an export. */
export async function exported(
  exporter: Exporter,
  given: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const plan = await exporter.plan(asked(given));
  for await (const { bytes } of exporter.pieces(plan, UNPACED)) pieces.push(...bytes);
  return Buffer.concat(pieces);
}

/** Rows as Rust's Arrow and Parquet read them, which share no code with what wrote them. */
export function openedElsewhere(format: 'arrow' | 'parquet', file: Buffer): Table {
  // A file is a stream behind eight bytes, with a footer after it.
  const table =
    format === 'parquet' ? readParquet(file) : WasmTable.fromIPCStream(file.subarray(8));
  return tableFromIPC(table.intoIPCStream());
}

/** A column's values, as they are: null where there is none. */
export function columnOf(table: Table, name: string): unknown[] {
  return Array.from(table.getChild(name) ?? []) as unknown[];
}
