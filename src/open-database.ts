import type { Config } from './config.js';
import type { Cycle } from './domain/cycle.js';
import type { Logger } from './log.js';
import type { Checkpoint, CheckpointStore } from './durability/checkpoint.js';
import { Damage } from './history/damage.js';
import type { ExchangeLimitsStore } from './market/market-port.js';
import type { ConfigStore } from './feeds/control-store.js';
import type { CycleAges, CycleStore } from './history/cycle-store.js';
import type { LeaseStore } from './cluster/lease-store.js';
import type { NewsChannel } from './feeds/news.js';
import { Backlog } from './durability/backlog.js';
import { Replay } from './durability/replay.js';
import { CyclesWithBacklog } from './durability/cycles-with-backlog.js';
import type { DatabaseRun } from './mongo/availability.js';
import { connectDatabase, type Database } from './mongo/connect.js';
import type { DatabaseKind } from './mongo/database-kind.js';
import { openEmbeddedEngine } from './embedded-mongo/engine.js';
import { CheckpointFile } from './data-dir/checkpoint-file.js';
import { MongoConfigStore } from './mongo/config-store.js';
import { MongoCycleAges } from './mongo/cycle-ages.js';
import { MongoCycleStore } from './mongo/cycle-store.js';
import { MongoExchangeLimits } from './mongo/exchange-limits.js';
import { MongoLeaseStore } from './mongo/lease-store.js';
import { MongoNews } from './mongo/news.js';
import { claimOrigin, recordedOrigin, setUpSchema, type Origin } from './mongo/schema-setup.js';
import { BacklogFolder } from './data-dir/backlog-folder.js';

/** How often the same refusal is logged, milliseconds. */
const REFUSAL_LOG_MS = 60_000;
/** How long a probe may take before the database counts as away, milliseconds. */
const PROBE_MS = 1_000;

/** The database, ready for use, and what is kept beside it in DATA_DIR. */
export interface OpenDatabase {
  /** The stored cycles, and those that are kept aside. */
  readonly cycles: CycleStore;
  readonly ages: CycleAges;
  /** The cycles that are kept aside until the database takes them, and what brings them there. */
  readonly backlog: Backlog;
  readonly replay: Replay;
  /** What of the stored data was found damaged. */
  readonly damage: Damage;
  readonly config: ConfigStore;
  readonly lease: LeaseStore;
  readonly exchangeLimits: ExchangeLimitsStore;
  readonly news: NewsChannel;
  readonly probe: {
    readonly kind: DatabaseKind;
    /** The server's version, or null while it does not answer. */
    version(): Promise<string | null>;
    /** What keeps it from being written to, in words; null where nothing is known to. */
    trouble(): string | null;
  };
  readonly checkpoint: CheckpointStore;
  /** What the process before this one knew, where the database is away at the start. */
  readonly startsFrom: Checkpoint | null;
  /** Calls back each time that the database has been away and is back. */
  onBack(listener: () => void): void;
  /**
   * Records what the cycles come from, or holds it against what is recorded; where the database is
   * away, once it is back.
   * @throws {OriginMismatchError}
   */
  claim(origin: Origin): Promise<void>;
  /** What is recorded of where the cycles come from; null before the first start. */
  origin(): Promise<Origin | null>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /**
   * Whether to go on from what an instance has left in DATA_DIR where the database is away; without
   * this, never.
   */
  readonly mayStartAwayAfter?: (instance: string) => boolean;
  /** The newest durable cycle that is in memory. */
  readonly newestCycle?: () => Cycle | null;
  readonly onRun?: (run: DatabaseRun) => void;
}

/**
 * Opens the database that the settings name, the embedded engine where they name none, with its
 * collections and indexes.
 * @throws {DatabaseUnavailableError} where it is away, and nothing recent is known of it
 */
export async function openDatabase(
  settings: Pick<Config['database'], 'uri' | 'name' | 'dataDir'>,
  log: Logger,
  { mayStartAwayAfter = () => false, newestCycle = () => null, onRun }: OpenOptions = {},
): Promise<OpenDatabase> {
  const { dataDir, name } = settings;
  let database: Database | null = null;
  /** The newest cycle of a database whose folder was lost. */
  let newestLost: Cycle | null = null;
  const onFolderLost = (): void => {
    newestLost = newestCycle();
    database?.setUpAgain('the folder of the embedded database was deleted');
  };
  const engine =
    settings.uri === null ? await openEmbeddedEngine({ dataDir, log, onFolderLost }) : null;
  const uri = engine?.uri ?? (settings.uri as string);
  const damage = new Damage(log);
  const checkpoint = new CheckpointFile({ dataDir, databaseName: name, uri, damage });
  const left = await checkpoint.read();
  const known = left && mayStartAwayAfter(left.instance) ? left : null;
  let origin: Origin | null = null;
  const close = async (): Promise<void> => {
    await database?.close();
    await engine?.stop();
  };
  try {
    const open = (database = await connectDatabase({
      uri,
      name,
      kind: engine ? 'EMBEDDED' : 'EXTERNAL',
      async setUp(direct) {
        await setUpSchema(direct, damage);
        if (newestLost) await goOnAfter(newestLost, direct);
        if (origin) await claimOrigin(direct, origin);
      },
      mayBeAway(reason) {
        if (known) log.warn(`${reason.message}; going on from what is kept in DATA_DIR`);
        return known !== null;
      },
      onRun,
      onRefusal: onceIn(REFUSAL_LOG_MS, ({ message }) => log.warn(message)),
    }));
    const stored = new MongoCycleStore(open);
    const config = new MongoConfigStore(open, damage);
    const backlog = new Backlog({
      store: new BacklogFolder(dataDir, name, damage),
      log,
      leftCycles: () => checkpoint.cycles(),
    });
    await backlog.open();
    const replay = new Replay({
      backlog,
      cycles: stored,
      log,
      markLost: (turn) => config.markDropped(turn),
    });
    return {
      ages: new MongoCycleAges(open),
      cycles: new CyclesWithBacklog(stored, backlog, damage),
      backlog,
      replay,
      damage,
      config,
      lease: new MongoLeaseStore(open, damage),
      exchangeLimits: new MongoExchangeLimits(open, damage),
      news: engine?.news ?? new MongoNews(open, log),
      probe: {
        kind: open.kind,
        version: () => serverVersion(open),
        trouble: () => open.trouble?.message ?? null,
      },
      checkpoint,
      startsFrom: open.isAway ? known : null,
      onBack: (listener) => open.onBack(listener),
      async claim(claimed) {
        origin = claimed;
        if (!open.isAway) await claimOrigin(open, claimed);
      },
      origin: () => recordedOrigin(open),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Lets the same error pass once in so long. */
function onceIn(ms: number, report: (error: Error) => void): (error: Error) => void {
  let last = { message: '', at: -Infinity };
  return (error) => {
    const now = performance.now();
    if (error.message === last.message && now - last.at < ms) return;
    last = { message: error.message, at: now };
    report(error);
  };
}

/** A database that has lost everything begins with the cycle that the next ones are built upon. */
async function goOnAfter(cycle: Cycle, database: Database): Promise<void> {
  const cycles = new MongoCycleStore(database);
  if ((await cycles.span()) === null) await cycles.save(cycle);
}

async function serverVersion({ connection, isAway }: Database): Promise<string | null> {
  if (isAway) return null;
  const asked = connection.db?.admin().command({ buildInfo: 1 }, { timeoutMS: PROBE_MS });
  try {
    const info = await asked;
    return typeof info?.['version'] === 'string' ? info['version'] : null;
  } catch {
    return null;
  }
}
