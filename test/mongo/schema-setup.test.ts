import { mongoose } from '@typegoose/typegoose';
import { expect, it, onTestFinished } from 'vitest';
import { useDatabase } from '../support/database.js';

const database = useDatabase();

/** Collections by name, with their options and indexes. */
async function layoutOf(connection: mongoose.Connection): Promise<Record<string, unknown>> {
  const listed = await connection.db!.listCollections().toArray();
  const layouts = listed.map(async (collection) => {
    const { name, type } = collection;
    const indexes = type === 'view' ? [] : await connection.collection(name).indexes();
    const texts = indexes.map((index) => JSON.stringify(index)).sort();
    return [name, { ...collection, info: null, indexes: texts }] as const;
  });
  return Object.fromEntries(await Promise.all(layouts));
}

it('a start makes what a database lacks of collections, indexes and the view, and nothing else', async () => {
  const name = `layout_${process.pid}`;
  const first = await database.open(name);
  const connection = await mongoose
    .createConnection(database.engine.uri, { dbName: name })
    .asPromise();
  onTestFinished(() => connection.close());
  const whole = await layoutOf(connection);
  expect(whole['cycle_matrices']).toMatchObject({
    options: { validator: { $jsonSchema: {} } },
    indexes: [{}, {}, {}, {}].map(() => expect.any(String) as string),
  });
  await first.close();
  const cycles = connection.collection('cycle_matrices');
  for (const { name: index } of await cycles.indexes()) {
    if (index !== undefined && index !== '_id_') await cycles.dropIndex(index);
  }
  for (const lost of ['alerts', 'strategy_aux', 'skipped_turns', 'news']) {
    await connection.dropCollection(lost);
  }
  await connection.collection('of_somebody_else').insertOne({});
  expect(await layoutOf(connection)).not.toEqual(whole);
  const { damage } = await database.open(name);
  const { of_somebody_else: others, ...made } = await layoutOf(connection);
  expect(made).toEqual(whole);
  expect(others).toBeDefined();
  expect(damage.warnings).toEqual([]);
});
