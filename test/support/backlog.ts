import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Cycle } from '../../src/domain/cycle.js';
import { Damage } from '../../src/history/damage.js';
import { Backlog } from '../../src/durability/backlog.js';
import { Replay } from '../../src/durability/replay.js';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { type TestDatabase } from './database.js';
import { keptLogger } from './logs.js';
import { temporaryFolder } from './temporary.js';

export async function setUp(engine: TestDatabase) {
  const dataDir = temporaryFolder();
  const { cycles } = await engine.open();
  const open = async () => {
    const folder = new BacklogFolder(dataDir, 'test', new Damage(keptLogger()));
    const backlog = new Backlog({ store: folder, log: keptLogger() });
    await backlog.open();
    return backlog;
  };
  const folder = path.join(dataDir, 'spool', 'test');
  const rejected = path.join(dataDir, 'rejected', 'test');
  const names = (of: string): string[] => {
    try {
      return readdirSync(of).sort();
    } catch {
      return [];
    }
  };
  const replay = (backlog: Backlog) => new Replay({ backlog, cycles, log: keptLogger() });
  return { cycles, open, replay, dataDir, folder, rejected, names };
}

export const entries = (cycles: readonly Cycle[]) =>
  cycles.map((cycle, at) => ({ cycle, after: cycles[at - 1] ?? null }));
