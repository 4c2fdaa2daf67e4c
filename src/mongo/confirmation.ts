import type { mongoose } from '@typegoose/typegoose';
import { MongoNotConnectedError } from 'mongodb';
import { CONFIG_COLLECTION, type ConfirmationDocument } from './config.model.js';

/**
 * Writes to the collection `config` what says nothing, durably: all that was there to be read on the
 * same server before is durable as well then.
 * @param withinMs how long the members may take; without it, as long as for any write
 */
export async function confirmWrites(
  { db }: Pick<mongoose.Connection, 'db'>,
  withinMs?: number,
): Promise<void> {
  if (!db) throw new MongoNotConnectedError('the connection is closed');
  const config = db.collection<ConfirmationDocument>(CONFIG_COLLECTION);
  const { w = 1, journal = true, wtimeoutMS = 0 } = config.writeConcern ?? {};
  const writeConcern = { w, journal, wtimeoutMS: withinMs ?? wtimeoutMS };
  const now = { $currentDate: { at: true } } as const;
  await config.updateOne({ _id: 'confirmed' }, now, { upsert: true, writeConcern });
}
