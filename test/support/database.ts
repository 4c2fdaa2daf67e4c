import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
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
  if (process.env['CI']) eachTryBeginsAnew(() => engine?.uri, dataDir);
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

/** A test that is tried again finds nothing of its first try: neither its databases nor its files. */
function eachTryBeginsAnew(uri: () => string | undefined, dataDir: string): void {
  let client: MongoClient | undefined;
  let before: { readonly databases: readonly string[]; readonly files: readonly string[] };
  beforeAll(async () => {
    const at = uri();
    client = at === undefined ? undefined : await MongoClient.connect(at);
  });
  beforeEach(async ({ task }) => {
    if (client === undefined) return;
    const there = { databases: await namesOf(client), files: filesIn(dataDir) };
    if (!task.result?.retryCount) {
      before = there;
      return;
    }
    const isNew = (name: string): boolean => !before.databases.includes(name);
    for (const name of there.databases.filter(isNew)) await client.db(name).dropDatabase();
    for (const file of there.files) {
      if (!before.files.includes(file)) removeFolder(path.join(dataDir, file));
    }
  });
  afterAll(() => client?.close());
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

async function namesOf(client: MongoClient): Promise<readonly string[]> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
  return databases.map(({ name }) => name).filter((name) => !OWN.has(name));
}

async function dropAll(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    for (const name of await namesOf(client)) await client.db(name).dropDatabase();
  } finally {
    await client.close();
  }
}
