import { mongoose } from '@typegoose/typegoose';
import { pause } from '../async/pause.js';
import type { DatabaseUnavailableError } from '../history/database-unavailable.js';
import {
  Availability,
  OPERATION_DEADLINE_MS,
  PATIENCE_MS,
  type AvailabilityOptions,
} from './availability.js';
import { confirmWrites } from './confirmation.js';
import type { DatabaseKind } from './database-kind.js';
import { refusalOf } from './refusal.js';
import { checkServer } from './server-check.js';
import { troubleOf, unavailable } from './trouble.js';

/** How long to look for a server before an attempt counts as failed, milliseconds. */
const SERVER_SELECTION_MS = 2_000;
/** How often each member is asked for its state, at least: what it once refused it may do again, milliseconds. */
const HEARTBEAT_MS = 2_000;
const RETRY_PAUSE_MS = 100;

/** A client that has found no server for so long is replaced by a new one, milliseconds. */
const CLIENT_PATIENCE_MS = 2_000;
/** How long a database may take to say that it is there, milliseconds. */
const PING_MS = 1_000;
/** How long a majority may take to confirm a write before the database counts as taking none, milliseconds. */
const CONFIRM_MS = 1_000;

/** A database with one rule for outages. */
export interface Database {
  /** Reads: see {@link Availability.run}. */
  readonly run: Availability['run'];
  /** Writes: a database that can be read may take none, or have no majority that takes them. */
  readonly write: Availability['run'];
  /** Calls back each time that the database has been away, for writes at least, and is back. */
  readonly onBack: Availability['onBack'];
  /** The present one: it may be replaced after an outage. */
  readonly connection: mongoose.Connection;
  readonly kind: DatabaseKind;
  /** Whether it cannot be read. */
  readonly isAway: boolean;
  /** What keeps it from being written to; null where nothing is known to. */
  readonly trouble: DatabaseUnavailableError | null;
  /** There may be another database at the address: it counts as away until it has been set up. */
  setUpAgain(reason: string): void;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly uri: string;
  readonly name: string;
  readonly kind: DatabaseKind;
  /** Makes the database ready at the first contact. */
  readonly setUp: (database: Database) => Promise<void>;
  /** Whether to go on without a database that does not answer; it is then set up once it does. */
  readonly mayBeAway: (reason: DatabaseUnavailableError) => boolean;
  readonly onRun?: AvailabilityOptions['onRun'];
  readonly onRefusal?: AvailabilityOptions['onRefusal'];
}

/**
 * Opens a connection. A write is acknowledged once a majority of the members has it in its journal,
 * and only what a majority has is read: nothing of it can be rolled back. What the address says of
 * this (`w`, `journal`, `readConcernLevel`, `readPreference`) changes nothing.
 * @throws {DatabaseUnavailableError} while it does not answer, where it may not be away
 * @throws {DatabaseRefusedError} when it will not have us
 */
export async function connectDatabase(options: ConnectOptions): Promise<Database> {
  const client = new Client();
  let isReady = false;
  const { onRun, onRefusal } = options;
  const reading = new Availability({
    words: 'the database is not reachable',
    async probe(awayMs) {
      try {
        if (!isReady || !client.isOpen) await makeReady();
        await client.connection.db?.command({ ping: 1 }, { timeoutMS: PING_MS });
      } catch (error) {
        // The driver's monitor may wait for ever for a socket that broke while it was written to.
        if (client.isOpen && awayMs > CLIENT_PATIENCE_MS) client.replace();
        throw error;
      }
    },
    onRun,
    onRefusal,
  });
  const writing = new Availability({
    words: 'the database takes no writes',
    basis: reading,
    probe: () => confirmWrites(client.connection, CONFIRM_MS),
    onRun,
    onRefusal,
  });
  const database: Database = {
    get connection() {
      return client.connection;
    },
    kind: options.kind,
    get isAway() {
      return reading.outage !== null;
    },
    get trouble() {
      return writing.trouble;
    },
    run: (operation, deadlineMs) => reading.run(operation, deadlineMs),
    write: (operation, deadlineMs) => writing.run(operation, deadlineMs),
    onBack: (listener) => writing.onBack(listener),
    setUpAgain(reason) {
      isReady = false;
      reading.goAway(new Error(reason));
      writing.goAway(new Error(reason));
    },
    async close() {
      reading.close();
      writing.close();
      await client.connection.close();
    },
  };

  async function makeReady(): Promise<void> {
    try {
      await client.open(options);
      await checkServer(client.connection, options.kind, isDirect(client.connection));
      const once: Database['run'] = (operation) => operation();
      await options.setUp({ ...database, run: once, write: once });
      isReady = true;
    } catch (error) {
      throw refusalOf(error, { ...options, isDirect: isDirect(client.connection) }) ?? error;
    }
  }

  try {
    await patiently(makeReady);
  } catch (error) {
    const isAway = troubleOf(error) === 'AWAY';
    if (isAway && options.mayBeAway(unavailable(error))) {
      reading.goAway(error);
      writing.goAway(error);
      return database;
    }
    reading.close();
    writing.close();
    await client.connection.close(true).catch(() => undefined);
    throw isAway ? unavailable(error) : error;
  }
  return database;
}

/** Whether the address names one member, and leaves its others out. */
function isDirect(connection: mongoose.Connection): boolean {
  return connection.db !== undefined && connection.getClient().options.directConnection;
}

/** The driver's client, which is replaced where it finds no server any more. */
class Client {
  connection = unopened();
  isOpen = false;

  async open(options: ConnectOptions): Promise<void> {
    if (this.isOpen) return;
    await this.connection.openUri(options.uri, connectOptions(options));
    this.isOpen = true;
  }

  replace(): void {
    const old = this.connection;
    this.connection = unopened();
    this.isOpen = false;
    // Not waited for: it says goodbye to a server that may not answer.
    old.destroy(true).catch(() => undefined);
  }
}

/** A connection that refuses operations until it is open, rather than let them wait. */
function unopened(): mongoose.Connection {
  const connection = mongoose.createConnection();
  connection.set('bufferCommands', false);
  return connection;
}

/**
 * How many members must have a write. The embedded engine is one, and acknowledges a write that is
 * to be journaled by a "majority" before its journal has it.
 */
const ACKNOWLEDGED_BY = { EMBEDDED: 1, EXTERNAL: 'majority' } as const;

function connectOptions({ name, kind }: ConnectOptions): mongoose.ConnectOptions {
  return {
    dbName: name,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: OPERATION_DEADLINE_MS,
    // Each by itself: only so does it go before what the address says.
    w: ACKNOWLEDGED_BY[kind],
    journal: true,
    wtimeoutMS: OPERATION_DEADLINE_MS,
    readConcernLevel: kind === 'EMBEDDED' ? 'local' : 'majority',
    readPreference: 'primary',
    retryWrites: false,
    // Text that is damaged costs the document that it stands in, not all that are read with it.
    enableUtf8Validation: false,
  };
}

/** Repeats what meets an outage, for a while. */
async function patiently(attempt: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (troubleOf(error) !== 'AWAY' || performance.now() > deadline) throw error;
      await pause(RETRY_PAUSE_MS);
    }
  }
}
