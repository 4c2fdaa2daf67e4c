import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Cycle } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { Damage } from '../../src/history/damage.js';
import { Backlog } from '../../src/durability/backlog.js';
import { Replay } from '../../src/durability/replay.js';
import { CyclesWithBacklog } from '../../src/durability/cycles-with-backlog.js';
import { CheckpointFile } from '../../src/data-dir/checkpoint-file.js';
import { BacklogFolder } from '../../src/data-dir/backlog-folder.js';
import { chain, START } from './cycles.js';
import { type TestDatabase } from './database.js';
import { keptLogger } from './logs.js';
import { temporaryFolder } from './temporary.js';

export const URI = 'mongodb://127.0.0.1/somewhere';
export const MADE = chain(9);
/** Turns 1 to 3 are in the database, 4 to 9 are kept aside. */
export const STORED = 3;

/** A database and a DATA_DIR in which cycles are kept aside; `open` is a process that starts. */
export async function place(engine: TestDatabase, dataDir = temporaryFolder(), name?: string) {
  const { cycles, controlStore } = await engine.open(name);
  const spoolFolder = path.join(dataDir, 'spool', 'test');
  const lost: number[] = [];
  const open = async () => {
    const damage = new Damage(keptLogger());
    const last = new CheckpointFile({ dataDir, databaseName: 'test', uri: URI, damage });
    const log = keptLogger();
    const backlog = new Backlog({
      store: new BacklogFolder(dataDir, 'test', damage),
      log,
      leftCycles: () => last.cycles(),
    });
    await backlog.open();
    const replay = new Replay({
      backlog,
      cycles,
      log,
      markLost: (turn) => Promise.resolve(void lost.push(turn)),
    });
    return { backlog, replay, damage, last, all: new CyclesWithBacklog(cycles, backlog, damage) };
  };
  const rejected = (): string[] => {
    const folder = path.join(dataDir, 'rejected', 'test');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  await cycles.saveAll(MADE.slice(0, STORED));
  const { backlog } = await open();
  for (let at = STORED; at < MADE.length; at++) {
    await backlog.append({ cycle: MADE[at] as Cycle, after: MADE[at - 1] as Cycle });
  }
  const file = (turn: number): string => {
    const name = readdirSync(spoolFolder).find((each) => Number(each.slice(0, 12)) === turn);
    if (name === undefined) throw new Error(`turn ${turn} is not kept`);
    return path.join(spoolFolder, name);
  };
  return { dataDir, spoolFolder, cycles, controlStore, open, rejected, file, lost };
}

export async function replayAll(replay: Replay): Promise<string> {
  for (;;) {
    const outcome = await replay.run(0, 1_000);
    if (outcome !== 'MORE') return outcome;
  }
}

/** What a process knows that has just completed some cycles. */
export function knownBy(instance: string, cycles: readonly Cycle[]) {
  const strategy = { ...defaultSettings(['USDT', 'BTC', 'ETH']), version: 1, updatedAt: START };
  const control = {
    strategy,
    purgedThrough: 0,
    cacheResets: 0,
    visibleFrom: 1,
    droppedThrough: 0,
  };
  return { instance, contactAt: Date.now(), control, cycles };
}

export function tried<T>(make: () => T): T | null {
  try {
    return make();
  } catch {
    return null;
  }
}
