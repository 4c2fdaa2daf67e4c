import { execute, parse, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { MongoClient, ObjectId, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { createContext, type Services } from '../../src/graphql/context.js';
import { writeJson } from '../../src/graphql/json.js';
import { createSchema } from '../../src/graphql/schema.js';
import { Damage } from '../../src/history/damage.js';
import { isReadable } from '../../src/history/stored-cycle.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { bringUpToDate, MIGRATIONS, type Migration } from '../../src/mongo/migrations.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { useDatabase } from '../support/database.js';
import { EARLIER_VERSIONS, earlierDatabase, restore } from '../support/earlier-database.js';
import { keptLogger } from '../support/logs.js';
import { runCommand } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';

const KNOWN = MIGRATIONS.at(-1)?.to ?? 1;
/** The one that every database has: a later one waits until it is needed. */
const NEWEST = MIGRATIONS.findLast(({ isDeferred }) => !isDeferred)?.to ?? 1;
const database = useDatabase();
let client: MongoClient;
let schema: GraphQLSchema;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
  schema = await createSchema();
});
afterAll(() => client.close());

const cyclesIn = (name: string) => client.db(name).collection('cycle_matrices');
const allIn = (name: string) => cyclesIn(name).find().sort({ turn: 1 }).toArray();
const recordOf = (name: string) =>
  client
    .db(name)
    .collection<Document>('config')
    .findOne({ _id: 'schema' as never });

/** The fields of an answer, as a selection. */
function selectionOf(answer: unknown): string {
  const [first] = Array.isArray(answer) ? (answer as unknown[]) : [answer];
  if (typeof first !== 'object' || first === null) return '';
  const fields = Object.entries(first).map(([name, value]) =>
    // Tables are scalars.
    name === 'values' ? name : `${name} ${selectionOf(value)}`,
  );
  return `{ ${fields.join(' ')} }`;
}

/** What this program answers of all cycles, to the question that was asked then. */
async function answersFrom({ cycles }: OpenDatabase, asked: unknown): Promise<unknown[]> {
  const feed = new CycleFeed(cycles);
  const latest = await cycles.latest();
  if (latest) feed.announce(feed.figuresOf(latest));
  const services = { cycles, feed, universe: ['USDT', 'BTC', 'ETH'] } as unknown as Services;
  const result = (await execute({
    schema,
    document: parse(`{ cycles(first: 100) { nodes ${selectionOf(asked)} } }`),
    contextValue: createContext(services, { role: 'viewer', expiresAt: null, client: '' }),
  })) as ExecutionResult<{ cycles: { nodes: unknown[] } }>;
  expect(result.errors).toBeUndefined();
  const answer = JSON.parse(writeJson(result.data).toString()) as {
    cycles: { nodes: unknown[] };
  };
  return answer.cycles.nodes.reverse();
}

/** A connection that nothing was set up on. */
async function connected(name: string) {
  const opened = await connectDatabase({
    ...{ uri: database.engine.uri, name, kind: 'EMBEDDED' },
    setUp: () => Promise.resolve(),
    mayBeAway: () => false,
  });
  onTestFinished(() => opened.close());
  return opened;
}

const parts = (migrations?: readonly Migration[]) => {
  const log = keptLogger();
  return { damage: new Damage(log), log, ...(migrations && { migrations }) };
};

describe.each(EARLIER_VERSIONS)('a database that version %s wrote', (version) => {
  const earlier = earlierDatabase(version);
  const nameOf = (part: string) => `${part}_${version.replace(/\W/g, '_')}`;

  it('is brought up to date at a start, and answers each of its cycles as it did', async () => {
    const name = nameOf('migrated');
    await restore(client, name, earlier);
    const open = await database.open(name);
    expect(await answersFrom(open, earlier.answers.at(-1))).toEqual(earlier.answers);
    expect(await recordOf(name)).toEqual({ _id: 'schema', version: NEWEST });
    // Nothing of what was stored is another than before; some of it is vouched for.
    const stored = await allIn(name);
    expect(stored.map(({ schemaVersion: _, check: __, ...document }) => document)).toEqual(
      earlier.documents['cycle_matrices'],
    );
    const read = await open.cycles.range({ order: 'OLDEST_FIRST', limit: 100 });
    expect(read.map((cycle) => open.cycles.idOf(cycle))).toEqual(
      stored.map(({ _id }) => String(_id)),
    );
    await database.open(name);
    expect(await allIn(name)).toEqual(stored);
  });

  it('is brought up to date by all who start at once', async () => {
    const name = nameOf('at_once');
    await restore(client, name, earlier);
    const opened = await Promise.all([1, 2, 3].map(() => database.open(name)));
    for (const open of opened) {
      expect(await answersFrom(open, earlier.answers.at(-1))).toEqual(earlier.answers);
    }
    expect(await recordOf(name)).toEqual({ _id: 'schema', version: NEWEST });
  });

  it('is brought up to date by the next start where one was broken off', async () => {
    const [whole, name] = [nameOf('whole'), nameOf('broken_off')];
    await restore(client, whole, earlier);
    await database.open(whole);
    await restore(client, name, earlier);
    for (const document of (await allIn(whole)).slice(2, 6)) {
      await cyclesIn(name).replaceOne({ _id: document._id }, document);
    }
    const open = await database.open(name);
    expect(await answersFrom(open, earlier.answers.at(-1))).toEqual(earlier.answers);
    expect(await allIn(name)).toEqual(await allIn(whole));
  });

  it('has each cycle told from one that was changed, once it is up to date', async () => {
    const name = nameOf('changed');
    await restore(client, name, earlier);
    const { cycles } = await database.open(name);
    const turn = Number(earlier.answers[3]?.['turn']);
    await cyclesIn(name).updateOne({ turn }, { $set: { 'tickers.BTC/USDT': '1 2 1 1 1 0' } });
    const read = await cycles.range({ order: 'OLDEST_FIRST', limit: 100 });
    expect(read.filter((cycle) => !isReadable(cycle)).map((cycle) => cycle.turn)).toEqual([turn]);
  });
});

it('the many cycles that a first version wrote are brought up to date where that was broken off', async () => {
  const [first] = earlierDatabase('0.1.0-first').documents['cycle_matrices'] as Document[];
  const [process, count] = [/^.{18}/, /.{6}$/].map(
    (part) => part.exec(String(first?.['_id']))?.[0],
  );
  const documents = Array.from({ length: 501 }, (_, n) => {
    const counted = (Number.parseInt(count ?? '', 16) + n).toString(16).padStart(6, '0');
    return { ...first, _id: new ObjectId(`${process}${counted}`), turn: n + 1 };
  });
  await restore(client, 'many', { documents: { cycle_matrices: documents } });
  await database.open('many');
  const whole = await allIn('many');
  expect(whole.filter(({ check }) => check === undefined)).toEqual([]);
  await restore(client, 'many_broken_off', {
    documents: { cycle_matrices: [...whole.slice(0, 500), ...documents.slice(500)] },
  });
  await database.open('many_broken_off');
  expect(await allIn('many_broken_off')).toEqual(whole);
});

it('a cycle whose digest does not fit it is not vouched for by a migration', async () => {
  const { documents } = earlierDatabase('0.1.0');
  await restore(client, 'damaged_before', { documents });
  await cyclesIn('damaged_before').updateOne({ turn: 9 }, { $set: { staleAfterMs: 1 } });
  const { cycles } = await database.open('damaged_before');
  const read = await cycles.range({ order: 'OLDEST_FIRST', limit: 100 });
  expect(read.filter((cycle) => !isReadable(cycle)).map((cycle) => cycle.turn)).toEqual([9]);
});

describe('the version of a database', () => {
  it('is the newest from the first start on', async () => {
    await database.open('version_new');
    expect(await recordOf('version_new')).toEqual({ _id: 'schema', version: NEWEST });
  });

  it('that is later than the program knows is refused in words, with nothing changed', async () => {
    const name = 'version_later_simulated';
    await client
      .db(name)
      .collection<Document>('config')
      .insertOne({ _id: 'schema' as never, version: 99 });
    const folder = temporaryFolder();
    const settings = { MONGO_URI: database.engine.uri, DATABASE_NAME: 'version_later' };
    for (const command of ['start', 'init']) {
      const { code, stderr } = await runCommand([command], { PORT: '0', ...settings }, folder);
      // A server has logged that it starts.
      const words = stderr.replace(/^\{.*\}\n/gm, '');
      expect([code, words]).toEqual([
        1,
        `DATABASE_NAME: the database ${name} is of schema version 99, and this program knows versions up to ${KNOWN}: start a later version of Dynamics, or name another database.\n`,
      ]);
    }
    expect(await client.db(name).listCollections().toArray()).toHaveLength(1);
    expect(await recordOf(name)).toEqual({ _id: 'schema', version: 99 });
  });

  it('counts up step by step, goes on after the last that was done, and never goes back', async () => {
    const name = 'version_steps';
    const { documents } = earlierDatabase('0.1.0');
    await restore(client, name, { documents });
    const opened = await connected(name);
    const done: number[] = [];
    let isBroken = true;
    const step = (to: number): Migration => ({
      to,
      run() {
        if (to === 4 && isBroken) return Promise.reject(new Error('broken off'));
        done.push(to);
        return Promise.resolve();
      },
    });
    const steps = [2, 3, 4, 5].map(step);
    await expect(bringUpToDate(opened, parts(steps))).rejects.toThrow('broken off');
    expect(await recordOf(name)).toEqual({ _id: 'schema', version: 3 });
    isBroken = false;
    await bringUpToDate(opened, parts(steps));
    expect([done, await recordOf(name)]).toEqual([[2, 3, 4, 5], { _id: 'schema', version: 5 }]);
    await bringUpToDate(opened, parts(steps));
    expect(done).toHaveLength(4);
    await expect(bringUpToDate(opened, parts(steps.slice(0, 2)))).rejects.toThrow(
      /schema version 5, and this program knows versions up to 3/,
    );
    expect(await recordOf(name)).toEqual({ _id: 'schema', version: 5 });
  });

  it('that was damaged is said, and found anew', async () => {
    const name = 'version_damaged';
    await database.open(name);
    await client
      .db(name)
      .collection('config')
      .updateOne(
        { _id: 'schema' as never },
        { $set: { version: 'two' } },
        {
          bypassDocumentValidation: true,
        },
      );
    const { damage } = await database.open(name);
    expect(damage.warnings.join()).toMatch(/schema in the collection config\) was damaged/);
    expect(await recordOf(name)).toEqual({ _id: 'schema', version: NEWEST });
    expect((await database.open(name)).damage.warnings).toEqual([]);
  });
});
