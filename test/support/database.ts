import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { openEmbeddedEngine, type EmbeddedEngine } from '../../src/embedded-mongo/engine.js';
import { openDatabase, type OpenDatabase } from '../../src/open-database.js';
import { keptLogger } from './logs.js';
import { makeTemporaryFolder, removeFolder } from './temporary.js';

/** A real MongoDB for the tests of one file; each `open()` is a database of its own. */
export interface TestDatabase {
  readonly engine: EmbeddedEngine;
  readonly dataDir: string;
  open(name?: string): Promise<OpenDatabase>;
}

/** Runs the embedded engine from before the first test to after the last. */
export function useDatabase(): TestDatabase {
  const dataDir = makeTemporaryFolder();
  const log = keptLogger();
  const opened: OpenDatabase[] = [];
  let engine: EmbeddedEngine | undefined;
  beforeAll(async () => {
    engine = await openEmbeddedEngine({ dataDir, log });
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await engine?.stop();
    removeFolder(dataDir);
  });
  return {
    dataDir,
    get engine() {
      if (!engine) throw new Error('the engine runs only while tests do');
      return engine;
    },
    async open(name = `test_${randomUUID().slice(0, 8)}`) {
      const settings = { uri: this.engine.uri, name, dataDir, retentionDays: 0 };
      const database = await openDatabase(settings, log);
      opened.push(database);
      return database;
    },
  };
}
