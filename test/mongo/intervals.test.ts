import { MongoClient, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { isReadable, type UnreadableCycle } from '../../src/history/stored-cycle.js';
import { toDocument } from '../../src/mongo/cycle-mapping.js';
import { query, startApp } from '../support/app.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

const CYCLES = chain(3);
/** As a version stored them that knew of no interval. */
const EARLIER = CYCLES.map((cycle) => ({ ...cycle, intervalMs: null }));

const documentsOf = (name: string) => client.db(name).collection('cycle_matrices');

describe('the interval of a cycle', () => {
  it('is stored beside it, and changes nothing that an instance of the version before looks at', () => {
    for (const [at, cycle] of CYCLES.entries()) {
      const { intervalMs, check, ...document } = toDocument(cycle);
      expect(intervalMs).toBe(1_000);
      expect(check).toMatch(/^[0-9a-f]{16}$/);
      expect(document).toEqual(toDocument(EARLIER[at] as Cycle));
    }
  });

  it('is null where the cycle was stored without one, which is read as ever', async () => {
    const { cycles } = await database.open('intervals_earlier');
    await cycles.saveAll(EARLIER);
    expect(Object.keys((await documentsOf('intervals_earlier').findOne()) as Document)).not.toEqual(
      expect.arrayContaining(['intervalMs']),
    );
    const read = await cycles.range({ order: 'OLDEST_FIRST', limit: 9 });
    expect(read).toEqual(EARLIER);
    expect(read.map((cycle) => cycles.idOf(cycle))).toEqual(
      CYCLES.map((cycle) => String(toDocument(cycle)._id)),
    );
  });

  it.each<[string, Document]>([
    ['changed', { $set: { intervalMs: 1_001 } }],
    ['taken away', { $unset: { intervalMs: '' } }],
    ['left without its check', { $unset: { check: '' } }],
    ['given another check', { $set: { check: '0123456789abcdef' } }],
    ['made text', { $set: { intervalMs: '1000' } }],
  ])('that was %s since makes the cycle unreadable, and only that one', async (words, change) => {
    const name = `intervals_${words.replace(/\W/g, '_')}`;
    const { cycles } = await database.open(name);
    await cycles.saveAll(CYCLES);
    await documentsOf(name).updateOne({ turn: 2 }, change, { bypassDocumentValidation: true });
    const read = await cycles.range({ order: 'OLDEST_FIRST', limit: 9 });
    expect(read.map(isReadable)).toEqual([true, false, true]);
    expect((read[1] as UnreadableCycle).message).toMatch(/intervalMs/);
  });

  it('is taken by a collection whose validator an earlier version made, which is no fault', async () => {
    const name = 'intervals_validator';
    await database.open('intervals_present');
    const [present] = await client
      .db('intervals_present')
      .listCollections<{ name: string; options: Document }>({ name: 'cycle_matrices' })
      .toArray();
    const { $jsonSchema } = present?.options['validator'] as { $jsonSchema: Document };
    const { intervalMs, check, ...properties } = $jsonSchema['properties'] as Document;
    expect([intervalMs, check]).not.toContain(undefined);
    const validator = { $jsonSchema: { ...$jsonSchema, title: 'dynamics 2', properties } };
    await client.db(name).createCollection('cycle_matrices', { validator });
    const { cycles, damage } = await database.open(name);
    expect(damage.warnings).toEqual([]);
    expect(await cycles.saveAll(CYCLES)).toBe(3);
    expect(await cycles.range({ order: 'OLDEST_FIRST', limit: 9 })).toEqual(CYCLES);
  });

  it('is the one that the metronome keeps', async () => {
    const app = await startApp({
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: 'intervals_app',
      DATA_DIR: temporaryFolder(),
      CYCLE_INTERVAL_MS: '70',
    });
    await turnReached(app, 2);
    const { data } = await query(app, '{ cycle(turn: 2) { intervalMs } }');
    expect(data).toEqual({ cycle: { intervalMs: 70 } });
  });
});
