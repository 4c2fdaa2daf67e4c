import { MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultSettings } from '../../src/domain/strategy.js';
import type { CycleDocument } from '../../src/mongo/cycle.model.js';
import { useDatabase } from '../support/database.js';
import { documentsAt, type Place, keysOf } from '../support/ranges.js';

const database = useDatabase();

const clients: MongoClient[] = [];

async function openWith(times: readonly number[], name: string): Promise<Place> {
  const { cycles } = await database.open(name);
  const client = await MongoClient.connect(database.engine.uri);
  clients.push(client);
  const collection = client.db(name).collection<CycleDocument>('cycle_matrices');
  if (times.length > 0) await collection.insertMany(documentsAt(times), { ordered: false });
  return { cycles, collection, client };
}

describe('the settings of the strategy', () => {
  it('are found by a few keys, however many versions there were', async () => {
    const name = `versions_${process.pid}`;
    const { controlStore } = await database.open(name);
    const place = await openWith([], name);
    onTestFinished(() => place.client.close());
    const { strategy } = await controlStore.control(defaultSettings(['USDT', 'BTC']));
    const versions = Array.from({ length: 2_000 }, (_, n) => ({
      ...strategy,
      _id: `strategy/${n + 2}`,
      version: n + 2,
      updatedAt: new Date(strategy.updatedAt),
    }));
    const stored = place.client.db(name).collection<{ _id: string }>('config');
    await stored.insertMany(versions);
    const before = await keysOf(place);
    expect((await controlStore.control(defaultSettings(['USDT', 'BTC']))).strategy.version).toBe(
      2_001,
    );
    expect((await controlStore.versionsAfter(1_999)).map(({ version }) => version)).toEqual([
      2_000, 2_001,
    ]);
    expect((await keysOf(place)) - before).toBeLessThan(20);
  });
});
