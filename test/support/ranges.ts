import type { MongoClient } from 'mongodb';
import { ObjectId, type Collection } from 'mongodb';
import type { CycleStore } from '../../src/history/cycle-store.js';
import type { CycleDocument } from '../../src/mongo/cycle.model.js';
import { toDocument } from '../../src/mongo/cycle-mapping.js';
import { chain } from './cycles.js';

const [pattern] = chain(1).map(toDocument);

/** Documents of turns from `first` on, observed at the given times. */
export function documentsAt(times: readonly number[], first = 1): CycleDocument[] {
  return times.map((time, n) => ({
    ...(pattern as CycleDocument),
    _id: new ObjectId(),
    turn: first + n,
    observedAt: new Date(time),
  }));
}

export interface Place {
  readonly cycles: CycleStore;
  readonly collection: Collection<CycleDocument>;
  readonly client: MongoClient;
}

/** How many keys of indexes the engine has looked at. */
export async function keysOf({ client }: Place): Promise<number> {
  const { metrics } = (await client.db('admin').command({ serverStatus: 1 })) as {
    metrics: { queryExecutor: { scanned: number; scannedObjects: number } };
  };
  const { scanned, scannedObjects } = metrics.queryExecutor;
  return Number(scanned) + Number(scannedObjects);
}
