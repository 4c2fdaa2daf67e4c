import type { Config } from '../config.js';
import type { Logger } from '../log.js';
import type { ConfigStore, CycleStore, LeaseStore, NewsChannel } from '../pipeline/ports.js';
import { connectDatabase, type Database, type DatabaseKind } from './connect.js';
import { openEmbeddedEngine } from './embedded/engine.js';
import { MongoConfigStore } from './mongo-config-store.js';
import { MongoCycleStore } from './mongo-cycle-store.js';
import { MongoLeaseStore } from './mongo-lease-store.js';
import { MongoNews } from './mongo-news.js';
import { claimOrigin, recordedOrigin, setUpSchema, type Origin } from './schema-setup.js';

/** How long a probe may take before the database counts as away, milliseconds. */
const PROBE_MS = 1_000;

/** The database, ready for use. */
export interface OpenDatabase {
  readonly cycles: CycleStore;
  readonly config: ConfigStore;
  readonly lease: LeaseStore;
  readonly news: NewsChannel;
  readonly probe: {
    readonly kind: DatabaseKind;
    /** The server's version, or null while it does not answer. */
    version(): Promise<string | null>;
  };
  /**
   * Records what the cycles come from, or holds it against what is recorded.
   * @throws {OriginMismatchError}
   */
  claim(origin: Origin): Promise<void>;
  /** What is recorded of where the cycles come from; null before the first start. */
  origin(): Promise<Origin | null>;
  close(): Promise<void>;
}

/**
 * Opens the database that the settings name, the embedded engine where they name none, with its
 * collections and indexes.
 */
export async function openDatabase(
  settings: Config['database'],
  log: Logger,
): Promise<OpenDatabase> {
  const engine =
    settings.uri === null ? await openEmbeddedEngine({ dataDir: settings.dataDir, log }) : null;
  let database: Database | null = null;
  const close = async (): Promise<void> => {
    await database?.close();
    await engine?.stop();
  };
  try {
    const open = (database = await connectDatabase({
      uri: engine?.uri ?? (settings.uri as string),
      name: settings.name,
      kind: engine ? 'EMBEDDED' : 'EXTERNAL',
    }));
    await setUpSchema(open);
    return {
      cycles: new MongoCycleStore(open),
      config: new MongoConfigStore(open),
      lease: new MongoLeaseStore(open),
      news: new MongoNews(open, log),
      probe: { kind: open.kind, version: () => serverVersion(open) },
      claim: (origin) => claimOrigin(open, origin),
      origin: () => recordedOrigin(open),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serverVersion({ connection }: Database): Promise<string | null> {
  const asked = connection.db?.admin().command({ buildInfo: 1 }, { timeoutMS: PROBE_MS });
  try {
    const info = await asked;
    return typeof info?.['version'] === 'string' ? info['version'] : null;
  } catch {
    return null;
  }
}
