import { openAlerts, type StoredAlerts } from './app/stored-alerts.js';
import {
  openNotices,
  openOutbox,
  type StoredNotices,
  type StoredOutbox,
} from './app/stored-outbox.js';
import { openHistory, type StoredHistory } from './app/stored-history.js';
import type { Config } from './config.js';
import type { Cycle } from './domain/cycle.js';
import type { Logger } from './log.js';
import type { Checkpoint, CheckpointStore } from './durability/checkpoint.js';
import type { BackfillStore } from './history/backfill/backfill-store.js';
import { Damage } from './history/damage.js';
import type { CycleRewrite } from './history/recompute.js';
import type { TurnChunks } from './history/turn-chunk.js';
import { ChunksWithBacklog } from './durability/chunks-with-backlog.js';
import type { ExchangeLimitsStore } from './market/market-port.js';
import type { ControlStore } from './feeds/control-store.js';
import type { CycleAges, CycleStore, CycleTimes } from './history/cycle-store.js';
import type { LeaseStore } from './cluster/lease-store.js';
import type { NotificationChannel } from './feeds/notifications.js';
import { aboutDatabase } from './app/about-database.js';
import { DatabaseSetUp } from './app/database-set-up.js';
import { Backlog } from './durability/backlog.js';
import { Replay } from './durability/replay.js';
import { SkipJournal } from './durability/skip-journal.js';
import { CyclesWithBacklog } from './durability/cycles-with-backlog.js';
import type { DatabaseRun } from './mongo/availability.js';
import { connectDatabase, type Database } from './mongo/connect.js';
import type { DatabaseKind } from './mongo/database-kind.js';
import { openEmbeddedEngine } from './embedded-mongo/engine.js';
import { CheckpointFile } from './data-dir/checkpoint-file.js';
import { MongoBackfillStore } from './mongo/backfill-store.js';
import { MongoControlStore } from './mongo/control-store.js';
import { MongoImportStore } from './mongo/import-store.js';
import type { ImportStore } from './transfer/frame-import.js';
import { MongoExchangeLimitsStore } from './mongo/exchange-limits-store.js';
import { MongoLeaseStore } from './mongo/lease-store.js';
import { MongoNotifications } from './mongo/notifications.js';
import type { Origin } from './mongo/schema-setup.js';
import { MongoSkipStore } from './mongo/skip-store.js';
import { BacklogFolder } from './data-dir/backlog-folder.js';
import { SkipFolder } from './data-dir/skip-folder.js';

/** How often the same refusal is logged, milliseconds. */
const REFUSAL_LOG_MS = 60_000;

/** The database, ready for use, and what is kept beside it in DATA_DIR. */
export interface OpenDatabase {
  /** The stored cycles, and the backlog. */
  readonly cycles: CycleStore;
  readonly ages: CycleAges & CycleTimes;
  /** The same as columns, from sealed blocks, documents and the backlog. */
  readonly chunks: TurnChunks;
  /** Of them the times alone, and how far apart they were to be. */
  readonly times: TurnChunks;
  /** Its parts, for whoever seals and verifies it. */
  readonly history: StoredHistory;
  /** What was committed while the database was away, and what brings it there. */
  readonly backlog: Backlog;
  readonly replay: Replay;
  /** Why turns were not completed, stored or on the way there. */
  readonly skips: SkipJournal;
  /** What of the stored data was found damaged. */
  readonly damage: Damage;
  readonly controlStore: ControlStore;
  /** One close a minute for a pair, beside what was recorded. */
  readonly backfill: BackfillStore;
  /** Rules, and what came of them. */
  readonly alerts: StoredAlerts;
  readonly lease: LeaseStore;
  /** Puts cycles in the place of others, where nobody runs turns. */
  readonly rewrite: CycleRewrite;
  /** Who seals: a server, or a command beside it. */
  readonly sealingLock: LeaseStore;
  /** Messages of alerts on their way. */
  readonly outbox: StoredOutbox;
  /** What was wrong, for operators. */
  readonly notices: StoredNotices;
  readonly exchangeLimits: ExchangeLimitsStore;
  readonly notifications: NotificationChannel;
  readonly probe: {
    readonly kind: DatabaseKind;
    /** The server's version, or null while it does not answer. */
    version(): Promise<string | null>;
    /** What keeps it from being written to, in words; null where nothing is known to. */
    trouble(): string | null;
  };
  readonly checkpointStore: CheckpointStore;
  /** The checkpoint to go on from, where the database is away at the start. */
  readonly startsFrom: Checkpoint | null;
  readonly imports: ImportStore;
  /** Calls back each time that the database has been away and is back. */
  onBack(listener: () => void): void;
  /**
   * Records what the cycles come from, or holds it against what is recorded; where the database is
   * away, once it is back.
   * @throws {OriginMismatchError}
   */
  claim(origin: Origin): Promise<void>;
  /** Where the database is lost while this runs, it begins anew with that cycle. */
  onLoss(newestCycle: () => Cycle | null): void;
  /** What is recorded of where the cycles come from; null before the first start. */
  origin(): Promise<Origin | null>;
  close(): Promise<void>;
}

type DatabaseSettings = Pick<Config['database'], 'uri' | 'name' | 'dataDir'>;

export interface OpenOptions {
  /**
   * Whether to go on from what an instance has left in DATA_DIR where the database is away; without
   * this, never.
   */
  readonly mayStartAwayAfter?: (instance: string) => boolean;
  readonly onRun?: (run: DatabaseRun) => void;
}

/**
 * Opens the database that the settings name, the embedded engine where they name none, with its
 * collections and indexes.
 * @throws {DatabaseUnavailableError} where it is away, and nothing recent is known of it
 */
export async function openDatabase(
  settings: DatabaseSettings,
  log: Logger,
  { mayStartAwayAfter = () => false, onRun }: OpenOptions = {},
): Promise<OpenDatabase> {
  const { dataDir, name } = settings;
  const damage = new Damage(log);
  const setUp = new DatabaseSetUp(damage, log);
  let database: Database | null = null;
  const onFolderLost = (): void => {
    setUp.onLost();
    database?.setUpAgain('the folder of the embedded database was deleted');
  };
  const engine =
    settings.uri === null ? await openEmbeddedEngine({ dataDir, log, onFolderLost }) : null;
  const close = async (): Promise<void> => {
    await database?.close();
    await engine?.stop();
  };
  try {
    const uri = engine?.uri ?? (settings.uri as string);
    const checkpointFile = new CheckpointFile({ dataDir, databaseName: name, uri, damage });
    const left = await checkpointFile.read();
    const checkpoint = left && mayStartAwayAfter(left.instance) ? left : null;
    database = await connectDatabase({
      ...{ uri, name, kind: engine ? 'EMBEDDED' : 'EXTERNAL', onRun },
      setUp: (direct) => setUp.run(direct),
      mayBeAway(reason) {
        if (checkpoint) log.warn(`${reason.message}; going on from what is kept in DATA_DIR`);
        return checkpoint !== null;
      },
      onRefusal: onceIn(REFUSAL_LOG_MS, ({ message }) => log.warn(message)),
    });
    return {
      ...(await openStores(database, { dataDir, name, log, damage, checkpointFile })),
      ...aboutDatabase(database, setUp),
      notifications: engine?.notifications ?? new MongoNotifications(database, log),
      startsFrom: database.isAway ? checkpoint : null,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface StoreParts {
  readonly dataDir: string;
  readonly name: string;
  readonly log: Logger;
  readonly damage: Damage;
  readonly checkpointFile: CheckpointFile;
}

/** What is stored, in the database and beside it. */
async function openStores(database: Database, parts: StoreParts) {
  const { dataDir, name, log, damage, checkpointFile } = parts;
  const history = openHistory(database, damage);
  const stored = history.cycles;
  const controlStore = new MongoControlStore(database, damage);
  const backlog = new Backlog({
    store: new BacklogFolder(dataDir, name, damage),
    log,
    leftCycles: () => checkpointFile.cycles(),
  });
  await backlog.open();
  return {
    cycles: new CyclesWithBacklog(stored, backlog, damage),
    chunks: new ChunksWithBacklog(history.chunks, stored, backlog),
    times: new ChunksWithBacklog(history.times, stored, backlog),
    history,
    ages: history.ages,
    backlog,
    replay: new Replay({
      backlog,
      cycles: stored,
      log,
      markLost: (turn) => controlStore.markDropped(turn),
    }),
    skips: new SkipJournal({
      store: new MongoSkipStore(database),
      files: new SkipFolder(dataDir, name, damage),
      log,
    }),
    damage,
    controlStore,
    backfill: new MongoBackfillStore(database, damage),
    alerts: openAlerts(database, damage),
    lease: new MongoLeaseStore(database, damage),
    rewrite: history.rewrite,
    sealingLock: new MongoLeaseStore(database, damage, 'sealing'),
    outbox: openOutbox(database, damage),
    notices: openNotices(database, { dataDir, name, damage }),
    exchangeLimits: new MongoExchangeLimitsStore(database, damage),
    checkpointStore: checkpointFile,
    imports: new MongoImportStore(database, damage),
  };
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
