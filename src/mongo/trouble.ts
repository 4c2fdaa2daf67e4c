import {
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
  type MongoError,
} from 'mongodb';
import { DatabaseUnavailableError } from '../history/database-unavailable.js';

/**
 * What an error of the database says of it:
 * AWAY: it is not there, or not able to, for the moment. Nothing is known of what was asked.
 * REFUSED: it answers, and will not do this at present; asking again at once is of no use.
 * NONE: nothing; what was asked is wrong.
 */
export type Trouble = 'AWAY' | 'REFUSED' | 'NONE';

/**
 * The server's codes for what passes: elections, members that step down, shut down or recover, a
 * majority that was not there in time, operations that were interrupted, overload. Its own list is
 * mongo/base/error_codes.yml.
 */
const PASSING_CODES = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  43, // CursorNotFound
  46, // LockBusy
  50, // MaxTimeMSExpired
  63, // StaleShardVersion
  64, // WriteConcernTimeout
  74, // NodeNotFound
  89, // NetworkTimeout
  91, // ShutdownInProgress
  94, // NotYetInitialized
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  150, // StaleEpoch
  175, // QueryPlanKilled
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  216, // ElectionInProgress
  237, // CursorKilled
  246, // SnapshotUnavailable
  262, // ExceededTimeLimit
  365, // TemporarilyUnavailable
  391, // ReauthenticationRequired
  462, // IngressRequestRateLimitExceeded
  9001, // SocketException
  10058, // LegacyNotPrimary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted
  11602, // InterruptedDueToReplStateChange
  13388, // StaleConfig
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);

/** The codes for a command or a document that is wrong in itself, whatever the server's state. */
const FAULT_CODES = new Set([
  2, 4, 9, 14, 16, 20, 22, 26, 27, 28, 34, 40, 48, 52, 53, 54, 55, 56, 57, 58, 59, 66, 67, 68, 72,
  73, 85, 86, 115, 121, 166, 167, 183, 197, 224, 235, 238, 292,
]);
/** From here on nearly all codes are such faults too, named by a place in the server's source. */
const FIRST_LOCATION_CODE = 10_000;
const OUT_OF_DISK_SPACE = 14031;

/** Labels by which the server or the driver says that the same may be asked again. */
const PASSING_LABELS = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError'];

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Error)) return 'NONE';
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) {
    return 'AWAY';
  }
  if (
    AWAY_NAMES.has(error.name) ||
    // A socket that breaks while it is being written to: the driver lets its error through as it is.
    BROKEN_SOCKET.has((error as NodeJS.ErrnoException).code ?? '') ||
    PASSING_LABELS.some((label) => (error as MongoError).hasErrorLabel?.(label) === true) ||
    // mongoose's own word, with bufferCommands off, between two connections.
    /before initial connection is complete|Topology is closed/.test(error.message)
  ) {
    return 'AWAY';
  }
  // A write of many wraps whatever ended it.
  if (error instanceof MongoBulkWriteError && (error.errorResponse as unknown) instanceof Error) {
    return troubleOf(error.errorResponse);
  }
  return error instanceof MongoServerError ? troubleOfCode(error.code) : 'NONE';
}

function troubleOfCode(code: unknown): Trouble {
  if (typeof code !== 'number') return 'REFUSED';
  if (PASSING_CODES.has(code)) return 'AWAY';
  if (code === OUT_OF_DISK_SPACE) return 'REFUSED';
  return FAULT_CODES.has(code) || code >= FIRST_LOCATION_CODE ? 'NONE' : 'REFUSED';
}

/** Whether an error says that nothing of the database can be reached, reads included. */
export function isDisconnection(error: unknown): boolean {
  return error instanceof MongoNetworkError || error instanceof MongoServerSelectionError;
}

const BROKEN_SOCKET = new Set(['EPIPE', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT']);

const AWAY_NAMES = new Set([
  'DeadlineError',
  'MongoNetworkTimeoutError',
  'MongoOperationTimeoutError',
  'MongoTopologyClosedError',
  'MongoServerClosedError',
  'MongoNotConnectedError',
  'MongoStalePrimaryError',
  'MongoUnexpectedServerResponseError',
  'PoolClearedOnNetworkError',
  'MongoPoolClearedError',
  'PoolClearedError',
  'WaitQueueTimeoutError',
  'MongooseServerSelectionError',
  'MongoClientClosedError',
]);

/** Says in words what is the matter, without credentials. */
export function unavailable(
  error: unknown,
  what = 'the database is not reachable',
): DatabaseUnavailableError {
  if (error instanceof DatabaseUnavailableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DatabaseUnavailableError(`${what}: ${redact(message)}`, { cause: error });
}

/** Without the credentials of any address in it. */
export function redact(message: string): string {
  return message.replace(/\/\/[^@/\s]*@/g, '//***@');
}
