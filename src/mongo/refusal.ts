import { MongoServerError } from 'mongodb';
import type { DatabaseKind } from './database-kind.js';
import { redact, troubleOf } from './trouble.js';

/** The database answers, and will not have us: only an operator can mend that. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
}

/** The oldest MongoDB that is supported: the oldest that its makers still mend. */
export const OLDEST_SUPPORTED = 7;
export const NEEDED = `${OLDEST_SUPPORTED}.0 or newer is needed`;

/** The driver's words where a server speaks the protocol as it was years ago. */
const OLD_PROTOCOL = /reports (maximum )?wire version/;
/** CommandNotFound, CommandNotSupported, NotImplemented; what Amazon DocumentDB answers for a feature. */
const NOT_THERE = [59, 115, 238, 303];

const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = 18;
/** What Atlas answers for a wrong password. */
const ATLAS_ERROR = 8000;
const OUT_OF_DISK_SPACE = 14031;
/** NotWritablePrimary, and the same in older words. */
const NOT_WRITABLE = [10107, 13435];

/** What an error of the first contact means for an operator, or null where it is none of these. */
export function refusalOf(
  error: unknown,
  {
    name,
    kind,
    isDirect,
    product,
  }: {
    readonly name: string;
    readonly kind: DatabaseKind;
    readonly isDirect: boolean;
    /** What the server is where it is not MongoDB. */
    readonly product: string | null;
  },
): DatabaseRefusedError | null {
  const words = inWords(error, name, isDirect) ?? lackInWords(error, product);
  if (words === null) return null;
  const setting = kind === 'EMBEDDED' ? 'DATA_DIR' : 'MONGO_URI';
  return new DatabaseRefusedError(`${setting}: ${words}`, { cause: error });
}

function inWords(error: unknown, name: string, isDirect: boolean): string | null {
  if (!(error instanceof Error)) return null;
  if (/^Mongo(Parse|InvalidArgument|MissingCredentials)Error$/.test(error.name)) {
    return `expected a mongodb:// address that can be understood: ${redact(error.message)}`;
  }
  if ((error as NodeJS.ErrnoException).syscall === 'querySrv') {
    return `no cluster is found by that name: ${redact(error.message)}`;
  }
  const code = serverCode(error);
  if (code === AUTHENTICATION_FAILED || code === ATLAS_ERROR) {
    return 'the database refuses the user name or the password (see also authSource)';
  }
  if (code === UNAUTHORIZED) {
    return `the user may not set up the database ${name}: grant readWrite on ${name}`;
  }
  if (code === OUT_OF_DISK_SPACE) {
    return `the disk of the database is too full: ${error.message}`;
  }
  // Of all members another is, or is about to be, the primary.
  if (isDirect && NOT_WRITABLE.includes(code ?? 0)) return READ_ONLY_MEMBER;
  return null;
}

/** What the server cannot do, where that is what the error says. */
function lackInWords(error: unknown, product: string | null): string | null {
  if (!(error instanceof Error)) return null;
  if (OLD_PROTOCOL.test(error.message)) {
    return `the server is too old: MongoDB ${NEEDED} (${redact(error.message)})`;
  }
  const code = serverCode(error);
  const isLacking = NOT_THERE.includes(code ?? 0) || (product !== null && isFault(error));
  if (code === null || !isLacking) return null;
  const lack = `cannot do what is needed: ${redact(error.message)}`;
  return product
    ? `the server is ${product}, not MongoDB, and ${lack}; MongoDB ${NEEDED}`
    : `the server ${lack}; MongoDB ${NEEDED}, and none that only speaks its protocol`;
}

/** Whether a server has refused a command for good. */
function isFault(error: Error): boolean {
  return error instanceof MongoServerError && troubleOf(error) === 'NONE';
}

export const READ_ONLY_MEMBER =
  'this member of the replica set is read-only: name all members, and leave out directConnection';

/** The code of the server's own answer, wherever the driver has put it. */
function serverCode(error: unknown): number | null {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof MongoServerError && typeof inner.code === 'number') return inner.code;
  }
  return null;
}
