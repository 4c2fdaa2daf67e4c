import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, inject } from 'vitest';
import { openEmbeddedEngine, type EmbeddedEngine } from '../../src/embedded-mongo/engine.js';
import { openDatabase, type OpenDatabase } from '../../src/open-database.js';
import { keptLogger } from './logs.js';
import { makeTemporaryFolder, removeFolder } from './temporary.js';

/** A real MongoDB for the tests of one file; each `open()` is a database of its own. */
export interface TestDatabase {
  readonly engine: EmbeddedEngine;
  /** A folder for what instances keep beside the database. */
  readonly dataDir: string;
  open(name?: string): Promise<OpenDatabase>;
}

/** The embedded engine, one for all files that this process runs; it ends with the process. */
let running: Promise<EmbeddedEngine> | undefined;

/** Databases of the server's own. */
const OWN = new Set(['admin', 'config', 'local']);

/** Sees that the embedded engine runs, and that it holds nothing after the last test. */
export function useDatabase(): TestDatabase {
  const dataDir = makeTemporaryFolder();
  const log = keptLogger();
  const opened: OpenDatabase[] = [];
  let engine: EmbeddedEngine | undefined;
  beforeAll(async () => {
    running ??= openEmbeddedEngine({ dataDir: inject('engineFolder') + `/${process.pid}`, log });
    engine = await running;
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    if (engine) await dropAll(engine.uri);
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

async function dropAll(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases) if (!OWN.has(name)) await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
}
