import { mongoose } from '@typegoose/typegoose';
import type { DatabaseUnavailableError } from '../pipeline/ports.js';
import {
  Availability,
  isOutage,
  OPERATION_DEADLINE_MS,
  PATIENCE_MS,
  unavailable,
  type DatabaseRun,
} from './availability.js';
import { refusalOf } from './refusal.js';
import { checkServer } from './server-check.js';

/** How long to look for a server before an attempt counts as failed, milliseconds. */
const SERVER_SELECTION_MS = 2_000;
const RETRY_PAUSE_MS = 100;

/** A client that has found no server for so long is replaced by a new one, milliseconds. */
const CLIENT_PATIENCE_MS = 2_000;
/** How long a database may take to say that it is there, milliseconds. */
const PING_MS = 1_000;

/** A database with one rule for outages. */
export interface Database extends Pick<Availability, 'run' | 'onBack'> {
  /** The present one: it may be replaced after an outage. */
  readonly connection: mongoose.Connection;
  readonly kind: DatabaseKind;
  readonly isAway: boolean;
  close(): Promise<void>;
}

export type DatabaseKind = 'EMBEDDED' | 'EXTERNAL';

export interface ConnectOptions {
  readonly uri: string;
  readonly name: string;
  readonly kind: DatabaseKind;
  /** Makes the database ready at the first contact. */
  readonly setUp: (database: Database) => Promise<void>;
  /** Whether to go on without a database that does not answer; it is then set up once it does. */
  readonly mayBeAway: (reason: DatabaseUnavailableError) => boolean;
  readonly onRun?: ((run: DatabaseRun) => void) | undefined;
}

/**
 * Opens a connection; a write is acknowledged once a majority of the members has it in its journal.
 * @throws {DatabaseUnavailableError} while it does not answer, where it may not be away
 * @throws {DatabaseRefusedError} when it will not have us
 */
export async function connectDatabase(options: ConnectOptions): Promise<Database> {
  let connection = unopened();
  let isOpen = false;
  let isReady = false;
  const availability = new Availability(async (awayMs) => {
    try {
      if (!isReady || !isOpen) await makeReady();
      await connection.db?.command({ ping: 1 }, { timeoutMS: PING_MS });
    } catch (error) {
      // The driver's monitor may wait for ever for a socket that broke while it was written to.
      if (isOpen && awayMs > CLIENT_PATIENCE_MS) replaceClient();
      throw error;
    }
  }, options.onRun);
  const database: Database = {
    get connection() {
      return connection;
    },
    kind: options.kind,
    get isAway() {
      return availability.isAway;
    },
    run: (operation, deadlineMs) => availability.run(operation, deadlineMs),
    onBack: (listener) => availability.onBack(listener),
    async close() {
      availability.close();
      await connection.close();
    },
  };

  async function makeReady(): Promise<void> {
    try {
      if (!isOpen) await connection.openUri(options.uri, connectOptions(options));
      isOpen = true;
      await checkServer(connection, options.kind);
      await options.setUp({ ...database, run: (operation) => operation() });
      isReady = true;
    } catch (error) {
      throw refusalOf(error, options) ?? error;
    }
  }

  function replaceClient(): void {
    const old = connection;
    connection = unopened();
    isOpen = false;
    // Not waited for: it says goodbye to a server that may not answer.
    old.destroy(true).catch(() => undefined);
  }

  try {
    await patiently(makeReady);
  } catch (error) {
    if (isOutage(error) && options.mayBeAway(unavailable(error))) {
      availability.goAway(error);
      return database;
    }
    availability.close();
    await connection.close(true).catch(() => undefined);
    throw isOutage(error) ? unavailable(error) : error;
  }
  return database;
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
    connectTimeoutMS: 5_000,
    socketTimeoutMS: OPERATION_DEADLINE_MS,
    writeConcern: {
      w: ACKNOWLEDGED_BY[kind],
      journal: true,
      wtimeoutMS: OPERATION_DEADLINE_MS,
    },
    readConcern: { level: 'local' },
    retryWrites: false,
  };
}

/** Repeats what meets an outage, for a while. */
async function patiently(attempt: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isOutage(error) || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}
