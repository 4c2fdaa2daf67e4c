import { buildSchema, type mongoose } from '@typegoose/typegoose';
import { MongoClient, type Document } from 'mongodb';
import { expect, it, onTestFinished } from 'vitest';
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
  const { controlStore, lease, exchangeLimits } = opened;
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
