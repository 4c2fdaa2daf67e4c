import type { mongoose } from '@typegoose/typegoose';
import { MongoServerSelectionError } from 'mongodb';
import type { DatabaseKind } from './database-kind.js';
import { DatabaseRefusedError, READ_ONLY_MEMBER } from './refusal.js';

/** The oldest MongoDB that is supported: the oldest that its makers still mend. */
const OLDEST_SUPPORTED = 7;

/**
 * Holds the server against what is needed of it.
 * @param isDirect whether only this member can be asked
 * @throws {DatabaseRefusedError} for a version that is too old, or a member that takes no writes
 * @throws {MongoServerSelectionError} between two primaries
 */
export async function checkServer(
  { db }: mongoose.Connection,
  kind: DatabaseKind,
  isDirect: boolean,
): Promise<void> {
  if (!db) throw new MongoServerSelectionError('the connection was closed', undefined as never);
  const hello = await db.command({ hello: 1 });
  if (kind === 'EXTERNAL' && hello['isWritablePrimary'] !== true) {
    if (isDirect) throw new DatabaseRefusedError(`MONGO_URI: ${READ_ONLY_MEMBER}`);
    const words = 'no member of the replica set is its primary at the moment';
    throw new MongoServerSelectionError(words, undefined as never);
  }
  const { version } = (await db.command({ buildInfo: 1 })) as { version?: unknown };
  const major = Number(/^\d+/.exec(String(version))?.[0]);
  if (major < OLDEST_SUPPORTED) {
    throw new DatabaseRefusedError(
      `MONGO_URI: the server is MongoDB ${String(version)}; ${OLDEST_SUPPORTED}.0 or newer is needed`,
    );
  }
}
