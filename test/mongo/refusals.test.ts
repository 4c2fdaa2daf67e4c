import { Long, type Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { mongoose } from '@typegoose/typegoose';
import { checkServer } from '../../src/mongo/server-check.js';
import { productOf } from '../../src/mongo/server-product.js';
import { openDatabase } from '../../src/open-database.js';
import { keptLogger } from '../support/logs.js';
import { startImposter } from '../support/mongo-imposter.js';
import { temporaryFolder } from '../support/temporary.js';

const PASSWORD = 'correct-horse';

async function refusal(uri: string): Promise<string> {
  const settings = { uri, name: 'prices', dataDir: temporaryFolder(), retentionDays: 0 };
  try {
    await (await openDatabase(settings, keptLogger())).close();
    return 'opened';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Refuses every command of these names. */
const refusing =
  (names: readonly string[], error: { code: number; errmsg: string }) =>
  (command: Document): Document | null =>
    names.some((name) => name in command) ? { ok: 0, codeName: 'Refused', ...error } : null;

const HELLO = { ok: 1, isWritablePrimary: true };
/** What is answered with a cursor. */
const READS = ['find', 'listIndexes', 'listCollections', 'aggregate'];
const NOTHING_FOUND = { ok: 1, cursor: { id: Long.ZERO, ns: 'prices.config', firstBatch: [] } };

const hello = (changes: Document) => (command: Document) =>
  'hello' in command || 'ismaster' in command
    ? { ok: 1, helloOk: true, maxWireVersion: 25, minWireVersion: 0, ...changes }
    : null;

describe('a database that will not have us is explained at the start', () => {
  it.each([
    [
      'a wrong password',
      refusing(['saslStart'], { code: 18, errmsg: 'Authentication failed.' }),
      /^MONGO_URI: the database refuses the user name or the password/,
    ],
    [
      'missing rights',
      refusing(['create', 'createIndexes'], { code: 13, errmsg: 'not authorized on prices' }),
      /^MONGO_URI: the user may not set up the database prices: grant readWrite on prices/,
    ],
    [
      'no rights at all',
      refusing(['find', 'create', 'createIndexes'], { code: 13, errmsg: 'not authorized' }),
      /^MONGO_URI: the user may not set up the database prices: grant readWrite on prices/,
    ],
    [
      'a version that is too old',
      (command: Document) => ('buildInfo' in command ? { ok: 1, version: '5.0.31' } : null),
      /^MONGO_URI: the server is MongoDB 5\.0\.31; 7\.0 or newer is needed/,
    ],
    [
      'a version that the driver does not know any more',
      hello({ isWritablePrimary: true, ismaster: true, maxWireVersion: 6 }),
      /^MONGO_URI: the server is too old: MongoDB 7\.0 or newer is needed/,
    ],
    [
      'FerretDB, which follows no capped collection',
      (command: Document) =>
        'buildInfo' in command
          ? { ok: 1, version: '7.0.77', ferretdb: { version: 'v2.7.0' } }
          : command['capped'] === true
            ? { ok: 0, code: 238, errmsg: 'capped collections are not implemented yet' }
            : null,
      /^MONGO_URI: the server is FerretDB 2\.7\.0, not MongoDB, and cannot do what is needed: capped collections are not implemented yet; MongoDB 7\.0 or newer is needed$/,
    ],
    [
      'a server that says no more than that it lacks something',
      refusing(['create'], { code: 303, errmsg: 'Feature not supported: capped' }),
      /^MONGO_URI: the server cannot do what is needed: Feature not supported: capped; MongoDB 7\.0/,
    ],
    [
      'a read-only member of a replica set',
      hello({
        isWritablePrimary: false,
        ismaster: false,
        secondary: true,
        setName: 'rs',
        hosts: [],
      }),
      /^MONGO_URI: this member of the replica set is read-only: name all members/,
    ],
  ])('%s', async (_name, answer, words) => {
    const address = await startImposter(
      (command) =>
        answer(command) ??
        ('buildInfo' in command ? { ok: 1, version: '8.0.4' } : null) ??
        (READS.some((name) => name in command) ? NOTHING_FOUND : null) ??
        ('saslStart' in command ? { ok: 0, code: 18, errmsg: 'no' } : null),
    );
    const credentials = _name === 'a wrong password' ? `trader:${PASSWORD}@` : '';
    const message = await refusal(`mongodb://${credentials}${address}/?directConnection=true`);
    expect(message).toMatch(words);
    expect(message).not.toContain(PASSWORD);
  });

  it.each([
    ['an address without a host', 'mongodb://', /^MONGO_URI: expected a mongodb:\/\/ address/],
    ['an unknown option', 'mongodb://localhost/?nonsense=1', /^MONGO_URI: expected a mongodb/],
    ['a cluster that is not there', 'mongodb+srv://no.such.invalid/', /^MONGO_URI: |not reachable/],
    ['nobody there', `mongodb://trader:${PASSWORD}@127.0.0.1:9/`, /the database is not reachable/],
  ])('%s', async (_name, uri, words) => {
    const message = await refusal(uri);
    expect(message).toMatch(words);
    expect(message).not.toContain(PASSWORD);
  });
});

it.each([
  ['FerretDB 1.24.0', { version: '7.0.42', ferretdbVersion: 'v1.24.0' }, 'localhost:27017'],
  ['Amazon DocumentDB', { version: '5.0.0' }, 'a.cluster-x.eu-west-1.docdb.amazonaws.com:27017'],
  ['Azure Cosmos DB', { version: '7.0.0' }, 'name.mongo.cosmos.azure.com:10255'],
  ['Azure Cosmos DB', { version: '4.2.0', _t: 'BuildInfoResponse' }, '10.0.0.1:10255'],
  [null, { version: '8.0.4', gitVersion: 'x' }, 'docdb.example.org:27017'],
])('a server that speaks the protocol of MongoDB is told apart: %s', (product, info, host) => {
  expect(productOf(info, [host])).toBe(product);
});

it('an old Amazon DocumentDB is named with what it does, and with the setting', async () => {
  const info = { version: '5.0.0' };
  const connection = {
    db: { command: (command: Document) => Promise.resolve('hello' in command ? HELLO : info) },
    getClient: () => ({ options: { hosts: ['c.docdb.amazonaws.com:27017'] } }),
  };
  const checked = checkServer(connection as unknown as mongoose.Connection, 'EXTERNAL', false);
  await expect(checked).rejects.toThrow(
    'MONGO_URI: the server is Amazon DocumentDB, which does what MongoDB 5.0.0 did; 7.0 or newer is needed',
  );
});
