import { BSON, MongoClient, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Cycle } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { openDatabase } from '../../src/open-database.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { startImposter } from '../support/mongo-imposter.js';
import { temporaryFolder } from '../support/temporary.js';
import { sealedPlace } from '../support/sealed.js';

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

const settings = { ...defaultSettings(['USDT', 'BTC']), version: 1, updatedAt: new Date() };

/** A database with one cycle, and a document like its own for another turn. */
async function stored(name: string) {
  const { cycles } = await database.open(name);
  await cycles.save(chain(1)[0] as Cycle);
  const documents = client.db(name).collection('cycle_matrices');
  const { _id, ...first } = (await documents.findOne({ turn: 1 })) as Document;
  return { documents, like: { ...first, turn: 2 } as Document };
}

const codeOf = (writing: Promise<unknown>): Promise<unknown> =>
  writing.then(
    () => 'TAKEN',
    (error: { code?: number }) => error.code,
  );

describe('the database itself', () => {
  /** Of all that is refused: nothing of it is left there. */
  let refusing: ReturnType<typeof stored> | undefined;
  const without = (field: string) => (document: Document) => {
    const { [field]: _dropped, ...rest } = document;
    return rest;
  };
  const line = (text: unknown) => (document: Document) => ({
    ...document,
    tickers: { ...(document['tickers'] as object), 'BTC/USDT': text },
  });

  it.each<[string, (document: Document) => Document]>([
    ...[
      'turn',
      'previousTurn',
      'observedAt',
      'universe',
      'tickers',
      'quants',
      'aux',
      'config',
      'leadPrice',
      'formulaVersion',
    ].map((field): [string, (document: Document) => Document] => [
      `without ${field}`,
      without(field),
    ]),
    ['whose turn is text', (document) => ({ ...document, turn: '2' })],
    ['whose turn is 0', (document) => ({ ...document, turn: 0 })],
    ['whose turn is no whole number', (document) => ({ ...document, turn: 2.5 })],
    ['whose turn is beyond what a turn can be', (document) => ({ ...document, turn: 2 ** 31 })],
    ['whose time is a number', (document) => ({ ...document, observedAt: 1 })],
    ['of an unknown exchange', (document) => ({ ...document, exchange: 'ELSEWHERE' })],
    ['with a price that is no number', line('NaN 60000 1 1 1 0')],
    ['with a negative price', line('-5 60000 1 1 1 0')],
    ['with a ticker of five words', line('61000 60000 1 1 1')],
    ['with a ticker that is a number', line(61000)],
    ['with a quant that is text', (document) => ({ ...document, quants: ['1', null, null] })],
    ['with a balance that is a number', (document) => ({ ...document, balances: [1] })],
    [
      'with an unknown tier',
      (document) => ({ ...document, config: { ...(document['config'] as object), tier: 'BOLD' } }),
    ],
    [
      'without a luggage',
      (document) => ({ ...document, aux: without('luggage')(document['aux'] as Document) }),
    ],
  ])('refuses a cycle %s', async (_words, change) => {
    const { documents, like } = await (refusing ??= stored('refuses'));
    expect(await codeOf(documents.insertOne(change(like)))).toBe(121);
    expect(await documents.countDocuments()).toBe(1);
    await documents.insertOne({ ...like });
    await documents.deleteOne({ turn: 2 });
  });

  it('refuses to have a stored cycle changed into none', async () => {
    const { documents } = await stored('changed');
    expect(await codeOf(documents.updateOne({ turn: 1 }, { $set: { aux: 1 } }))).toBe(121);
    expect(await codeOf(documents.updateOne({ turn: 1 }, { $unset: { quants: '' } }))).toBe(121);
  });

  it('takes a cycle with its fields in another order, and with one more', async () => {
    const { documents, like } = await stored('takes');
    const reversed = Object.fromEntries(Object.entries(like).reverse());
    await documents.insertOne({ ...reversed, turn: 2, more: 1 });
    expect(await documents.countDocuments()).toBe(2);
  });

  it.each<[string, Document]>([
    ['settings of an unknown mode', { _id: 'strategy/7', ...settings, version: 7, mode: 'WILD' }],
    ['settings without a version', { _id: 'strategy/7', ...settings, version: undefined }],
    ['an origin that is not named', { _id: 'origin', exchange: 1, source: 'x', account: 'PAPER' }],
    ['a mark of turns that is text', { _id: 'turns', purgedThrough: '9' }],
  ])('refuses %s', async (_words, document) => {
    await (refusing ??= stored('refuses'));
    const config = client.db('refuses').collection('config');
    expect(await codeOf(config.insertOne(document as never, { ignoreUndefined: true }))).toBe(121);
  });

  it('refuses what is no line of the manifest, and what is no part of a block', async () => {
    const place = await sealedPlace(database);
    await place.sealAll();
    const wrong: Record<string, Record<string, (document: Document) => Document>> = {
      history_manifest: {
        'without a digest': without('digest'),
        'whose number is text': (line) => ({ ...line, _id: 'one' }),
        'whose turns are text': (line) => ({ ...line, unreadable: ['one'] }),
      },
      history_blocks: {
        'without columns': without('columns'),
        'with a column of text': (part) => ({ ...part, columns: { turns: 'x' } }),
        'with a pair of no base': (part) => ({ ...part, pairs: [{ symbol: 'AB' }] }),
      },
    };
    for (const [collection, changes] of Object.entries(wrong)) {
      const documents = place.db.collection<Document>(collection);
      const last = await documents.findOne({}, { sort: { _id: -1 } });
      const like = { ...last, _id: (collection === 'history_manifest' ? 9 : 'another') as never };
      for (const [words, change] of Object.entries(changes)) {
        const code = await codeOf(documents.insertOne(change(like)));
        expect([collection, words, code]).toEqual([collection, words, 121]);
      }
      await documents.insertOne(like);
    }
    expect(place.open.damage.warnings).toEqual([]);
  });

  it('keeps a validator of a later version, and one of somebody else, and says the latter', async () => {
    const theirs = client.db('theirs');
    const later = { $jsonSchema: { title: 'dynamics 99' } };
    const others = { turn: { $gt: 0 } };
    await theirs.createCollection('config', { validator: later });
    await theirs.createCollection('cycle_matrices', { validator: others });
    const { damage } = await database.open('theirs');
    const validators = await theirs
      .listCollections<{ name: string; options: Document }>({ name: /^c/ })
      .map(({ name, options }) => [name, options['validator'] as Document])
      .toArray();
    expect(Object.fromEntries(validators)).toEqual({ config: later, cycle_matrices: others });
    expect(damage.warnings).toEqual([
      'The database does not check what is written to cycle_matrices: it has a validator of its own.',
    ]);
  });

  it('that cannot give a collection a validator afterwards is said not to check it', async () => {
    const earlier = client.db('earlier');
    await earlier.createCollection('cycle_matrices');
    const { damage } = await database.open('earlier');
    expect(damage.warnings).toEqual([
      'The database does not check what is written to cycle_matrices: it was made by an earlier version, and this database cannot give it a validator afterwards (it has no collMod).',
    ]);
  });

  it('need not let the user set a validator: that is said, and the rest goes on', async () => {
    const cursor = (ns: string, firstBatch: Document[]) => ({
      ok: 1,
      cursor: { id: BSON.Long.fromNumber(0), ns, firstBatch },
    });
    const checked = [
      ...['cycle_matrices', 'config', 'skipped_turns', 'history_blocks', 'history_manifest'],
      ...['alerts', 'alert_firings', 'alert_judgements'],
      ...['alert_deliveries', 'alert_channels', 'health_notices'],
      ...['backfilled_days', 'backfilled_pairs'],
    ];
    const address = await startImposter((command) => {
      if ('buildInfo' in command) return { ok: 1, version: '8.0.4' };
      if ('collMod' in command) return { ok: 0, code: 13, errmsg: 'not authorized on prices' };
      if ('listCollections' in command)
        return cursor('prices.$cmd.listCollections', [
          ...checked.map((name) => ({ name, type: 'collection', options: {} })),
        ]);
      if ('listIndexes' in command) return cursor('prices.x', []);
      if ('find' in command) return cursor('prices.x', []);
      return null;
    });
    const uri = `mongodb://${address}/?directConnection=true`;
    const opened = await openDatabase(
      { uri, name: 'prices', dataDir: temporaryFolder() },
      keptLogger(),
    );
    onTestFinished(() => opened.close());
    expect(opened.damage.warnings).toEqual(
      checked.map(
        (name) =>
          `The database does not check what is written to ${name}: the user may not change the collection (collMod; the role dbAdmin may).`,
      ),
    );
  });
});
