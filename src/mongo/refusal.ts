import { MongoServerError } from 'mongodb';
import type { DatabaseKind } from './database-kind.js';
import { redact } from './trouble.js';

/** The database answers, and will not have us: only an operator can mend that. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
}

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
  }: { readonly name: string; readonly kind: DatabaseKind; readonly isDirect: boolean },
): DatabaseRefusedError | null {
  const words = inWords(error, name, isDirect);
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

export const READ_ONLY_MEMBER =
  'this member of the replica set is read-only: name all members, and leave out directConnection';

/** The code of the server's own answer, wherever the driver has put it. */
function serverCode(error: unknown): number | null {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof MongoServerError && typeof inner.code === 'number') return inner.code;
  }
  return null;
}
