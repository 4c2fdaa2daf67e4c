import type { mongoose } from '@typegoose/typegoose';
import { MongoServerSelectionError } from 'mongodb';
import type { DatabaseKind } from './database-kind.js';
import { DatabaseRefusedError, NEEDED, OLDEST_SUPPORTED, READ_ONLY_MEMBER } from './refusal.js';
import { productOf } from './server-product.js';

/**
 * Holds the server against what is needed of it.
 * @param isDirect whether only this member can be asked
 * @returns the name of another product that speaks MongoDB's protocol; null for MongoDB
 * @throws {DatabaseRefusedError} for a version that is too old, or a member that takes no writes
 * @throws {MongoServerSelectionError} between two primaries
 */
export async function checkServer(
  connection: mongoose.Connection,
  kind: DatabaseKind,
  isDirect: boolean,
): Promise<string | null> {
  const { db } = connection;
  if (!db) throw new MongoServerSelectionError('the connection was closed', undefined as never);
  const hello = await db.command({ hello: 1 });
  if (kind === 'EXTERNAL' && hello['isWritablePrimary'] !== true) {
    if (isDirect) throw new DatabaseRefusedError(`MONGO_URI: ${READ_ONLY_MEMBER}`);
    const words = 'no member of the replica set is its primary at the moment';
    throw new MongoServerSelectionError(words, undefined as never);
  }
  const info = await db.command({ buildInfo: 1 });
  const version = String(info['version']);
  const hosts = connection.getClient().options.hosts.map(String);
  const product = kind === 'EXTERNAL' ? productOf(info, hosts) : null;
  const major = Number(/^\d+/.exec(version)?.[0]);
  if (major < OLDEST_SUPPORTED) {
    const words = product
      ? `${product}, which does what MongoDB ${version} did`
      : `MongoDB ${version}`;
    throw new DatabaseRefusedError(`MONGO_URI: the server is ${words}; ${NEEDED}`);
  }
  return product;
}
