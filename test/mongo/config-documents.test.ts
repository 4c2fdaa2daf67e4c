import { buildSchema, type mongoose } from '@typegoose/typegoose';
import { MongoClient, type Document } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
import type { LeaseHolder } from '../../src/cluster/lease-store.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { CONFIG_COLLECTION, CONFIG_KINDS } from '../../src/mongo/config.model.js';
import { confirmWrites } from '../../src/mongo/confirmation.js';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

function hasId(id: string, { id: ids }: (typeof CONFIG_KINDS)[number]): boolean {
  return 'pattern' in ids ? new RegExp(ids.pattern).test(id) : ids.enum[0] === id;
}

/** What a document has and its model does not, and the other way round. */
function differences(document: Document, schema: mongoose.Schema): string[] {
  const unknown = Object.keys(document).filter((name) => !(name in schema.paths));
  const missing = schema.requiredPaths().filter((name) => document[name] === undefined);
  const inner = Object.entries(schema.paths).flatMap(([name, { schema: below }]) =>
    below && document[name] ? differences(document[name] as Document, below) : [],
  );
  return [...unknown, ...missing, ...inner];
}

it('each document of config is of one kind, and has what its model says', async () => {
  const name = 'kinds';
  const opened = await database.open(name);
  const { controlStore, lease, exchangeLimits, imports } = opened;
  await opened.claim({ exchange: 'SIMULATED', source: 'here', account: 'PAPER' });
  const settings = defaultSettings(['USDT', 'BTC']);
  const { strategy } = await controlStore.control(settings);
  await controlStore.add(strategy, { ...settings, tier: 'AGGRESSIVE' });
  await controlStore.markPurged(3);
  await controlStore.markVisibleFrom(1);
  await controlStore.markDropped(2);
  await controlStore.markCacheReset();
  const request = { durationMs: 3_000, mayTakeOverdue: false, isGone: () => false };
  await lease.take('one', request);
  await lease.take('two', request);
  await exchangeLimits.publish({ id: 's', leftMs: 1_000, code: 'EXCHANGE_BANNED', message: 'so' });
  await exchangeLimits.reserve(5, 100);
  await imports.begin({ file: 'frames.parquet', firstTurn: 1, lastTurn: 9, hadOrigin: true });

  const client = await MongoClient.connect(database.engine.uri);
  onTestFinished(() => client.close());
  const db = client.db(name);
  await confirmWrites({ db });
  const documents = db.collection<{ _id: string }>(CONFIG_COLLECTION).find();
  const stored = await documents.toArray();
  const seen = stored.map((document) => {
    const kinds = CONFIG_KINDS.filter((kind) => hasId(document._id, kind));
    expect(kinds.map((kind) => kind.document.name)).toHaveLength(1);
    const [kind] = kinds;
    const schema = buildSchema(kind?.document as never) as unknown as mongoose.Schema;
    expect({ [document._id]: differences(document, schema) }).toEqual({ [document._id]: [] });
    return kind;
  });
  expect(CONFIG_KINDS.filter((kind) => !seen.includes(kind))).toEqual([]);
});

it('since when somebody leads is not told where an instance of the version before took over', async () => {
  const name = 'lease_of_before';
  const { lease } = await database.open(name);
  const client = await MongoClient.connect(database.engine.uri);
  onTestFinished(() => client.close());
  const leases = client.db(name).collection<{ _id: string }>(CONFIG_COLLECTION);
  const holders: (LeaseHolder | null)[] = [];
  const request = {
    ...{
      durationMs: 3_000,
      mayTakeOverdue: false,
      isGone: (holder: string) => holder === 'before',
    },
    onHolder: (holder: LeaseHolder | null) => holders.push(holder),
  };
  await lease.take('one', request);
  const { at } = (await leases.findOne({ _id: 'lease' })) as unknown as { readonly at: Date };
  expect(holders.at(-1)).toEqual({ holder: 'one', since: at.getTime() });
  // It writes what it knows of, and leaves the rest as it is.
  await leases.updateOne({ _id: 'lease' }, { $set: { holder: 'before' } });
  await lease.take('two', { ...request, isGone: () => false });
  expect(holders.at(-1)).toEqual({ holder: 'before', since: null });
  await lease.take('two', request);
  expect(holders.at(-1)).toMatchObject({ holder: 'two' });
  const { since } = (await leases.findOne({ _id: 'lease' })) as unknown as { since: { at: Date } };
  expect(since).toEqual({ holder: 'two', at: expect.any(Date) as Date });
});
