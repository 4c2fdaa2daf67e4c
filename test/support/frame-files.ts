import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { deriveAnew } from '../../src/domain/derivation.js';
import type { Cycle, CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { FrameImport, type ImportStore } from '../../src/transfer/frame-import.js';
import { frameRowsOf, type ReadRow } from '../../src/transfer/frame-reading.js';
import { exported, exporterOf } from './exports.js';
import { historyOf, universeOf } from './history.js';
import { makeTemporaryFolder, removeFolder } from './temporary.js';

/** The assets of all these frames. */
export const UNIVERSE = universeOf(5);

type Format = 'jsonl' | 'arrow' | 'parquet';

/** Cycles of many turns, and frames in files as an export writes them, for the tests of one file about imports. */
export class FrameFiles {
  readonly folder = makeTemporaryFolder();
  cycles!: readonly Cycle[];
  /** Lines of the file that has all cycles. */
  rows!: readonly Record<string, unknown>[];

  constructor() {
    afterAll(() => removeFolder(this.folder));
    beforeAll(async () => {
      this.cycles = variedHistory();
      this.rows = (await this.of('jsonl'))
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    });
  }

  /** What an export of some cycles is. */
  of(format: Format, stored: readonly Cycle[] = this.cycles): Promise<Buffer> {
    return exported(exporterOf(stored, UNIVERSE).exporter, { frames: 'true', format });
  }

  /** The path of a file with such bytes, which takes the place of the one before. */
  written(bytes: Buffer | string, ending: string): string {
    const file = `${this.folder}/frames.${ending}`;
    writeFileSync(file, bytes);
    return file;
  }

  /** Rows of a file as if they had been read. */
  async *given(values: readonly unknown[]): AsyncGenerator<ReadRow> {
    await Promise.resolve();
    const file = this.written(values.map((value) => JSON.stringify(value)).join('\n'), 'jsonl');
    yield* frameRowsOf(file, 'jsonl');
  }
}

/** Cycles with all that they may have: changed settings, failed turns, unreadable balances, times apart. */
export function variedHistory(): Cycle[] {
  let previous: CycleFigures | null = null;
  return historyOf(UNIVERSE, 160)
    .filter(({ turn }) => turn % 50 !== 0)
    .map((cycle) => {
      const version = 1 + Math.floor(cycle.turn / 100);
      const holdings =
        cycle.turn % 7 === 0 ? { ...cycle.holdings, unreadable: ['LDX'] } : cycle.holdings;
      const config = { ...defaultSettings(UNIVERSE), version, updatedAt: version };
      const intervalMs = cycle.turn > 120 ? null : cycle.intervalMs;
      previous = deriveAnew({ ...cycle, holdings, config, intervalMs }, previous);
      return previous.cycle;
    });
}

/** An import into a database. */
export const importInto = (open: Pick<OpenDatabase, 'cycles'> & { imports: ImportStore }) =>
  new FrameImport({ store: open.imports, cycles: open.cycles, onRow: () => undefined });

/** What an export of all that a database holds is. */
export async function exportedFrom(open: OpenDatabase, format: Format) {
  const { exporter } = exporterOf([], UNIVERSE, {
    cycles: open.cycles,
    extent: { observed: () => open.ages.observedWithin(1, 1e6) },
    origin: () => open.imports.origin(),
  });
  return exported(exporter, { frames: 'true', format });
}
