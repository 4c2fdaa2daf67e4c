import { mongoose } from '@typegoose/typegoose';
import { MongoNetworkError, MongoServerSelectionError, type MongoError } from 'mongodb';
import { DatabaseUnavailableError } from '../pipeline/ports.js';

/** How long one operation may take, retries included, milliseconds. */
const OPERATION_DEADLINE_MS = 10_000;
/** How long to look for a server before an attempt counts as failed, milliseconds. */
const SERVER_SELECTION_MS = 2_000;
const RETRY_PAUSE_MS = 100;

const EMBEDDED_MONITORING = {
  serverMonitoringMode: 'poll',
  heartbeatFrequencyMS: 1_000,
} as const;

/** An open database with one rule for outages. */
export interface Database {
  readonly connection: mongoose.Connection;
  readonly kind: DatabaseKind;
  /**
   * Runs an operation and, while the database is away, runs it again until the deadline. The
   * operation must therefore be safe to repeat.
   * @throws {DatabaseUnavailableError} when the deadline passes.
   */
  run<T>(operation: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type DatabaseKind = 'EMBEDDED' | 'EXTERNAL';

/** Opens a connection; writes are acknowledged by a majority and journaled. */
export async function connectDatabase(options: {
  readonly uri: string;
  readonly name: string;
  readonly kind: DatabaseKind;
}): Promise<Database> {
  const connection = mongoose.createConnection(options.uri, {
    dbName: options.name,
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: OPERATION_DEADLINE_MS,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: OPERATION_DEADLINE_MS },
    readConcern: { level: 'local' },
    retryWrites: false,
    // An engine on this machine may be killed and back within a heartbeat; a monitor that waits for
    // a stream of news from the old one was seen to wait for ever.
    ...(options.kind === 'EMBEDDED' && EMBEDDED_MONITORING),
  });
  try {
    await connection.asPromise();
  } catch (error) {
    await connection.close(true).catch(() => undefined);
    throw unavailable(error);
  }
  return {
    connection,
    kind: options.kind,
    run: runWithRetry,
    close: () => connection.close(),
  };
}

async function runWithRetry<T>(operation: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + OPERATION_DEADLINE_MS;
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (performance.now() + RETRY_PAUSE_MS > deadline) throw unavailable(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
    }
  }
}

/** Whether an error says that the database is away, as opposed to that it refused the operation. */
export function isOutage(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (!(error instanceof Error)) return false;
  return (
    OUTAGE_NAMES.has(error.name) ||
    (error as MongoError).hasErrorLabel?.('RetryableWriteError') === true ||
    // mongoose's own word, with bufferCommands off, between two connections.
    /before initial connection is complete|Topology is closed/.test(error.message)
  );
}

const OUTAGE_NAMES = new Set([
  'MongoNetworkTimeoutError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'PoolClearedOnNetworkError',
  'MongoPoolClearedError',
  'PoolClearedError',
  'WaitQueueTimeoutError',
  'MongooseServerSelectionError',
  'MongoClientClosedError',
]);

/** Says in words that the database is away, without credentials. */
function unavailable(error: unknown): DatabaseUnavailableError {
  const message = error instanceof Error ? error.message : String(error);
  const safe = message.replace(/\/\/[^@/\s]*@/g, '//***@');
  return new DatabaseUnavailableError(`the database is not reachable: ${safe}`, { cause: error });
}
