import { expect, it } from 'vitest';
import { OnlyCopies } from '../../src/history/blocks/only-copies.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { CyclesWithBlocks } from '../../src/history/cycles-with-blocks.js';
import { StoredAges, StoredTurns } from '../../src/history/stored-turns.js';
import { StoredChunks } from '../../src/history/stored-chunks.js';
import { MongoCycleAges } from '../../src/mongo/cycle-ages.js';
import { connectDatabase } from '../../src/mongo/connect.js';
import { MongoCycleStore } from '../../src/mongo/cycle-store.js';
import { DocumentChunks } from '../../src/mongo/document-chunks.js';
import { useDatabase } from '../support/database.js';
import { ageAll, sealedPlace, SPARSE } from '../support/sealed.js';

const database = useDatabase();

/** The same, but that before anything is read of it something else happens, once. */
function overtaken<T extends object>(whole: T, happens: () => Promise<void>): T {
  let done: Promise<void> | null = null;
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const read = (): unknown => (value as (...each: unknown[]) => unknown).apply(target, given);
        if (name !== 'documents' && name !== 'chunks') {
          return (done ??= happens()).then(read);
        }
        return (async function* () {
          await (done ??= happens());
          yield* read() as AsyncGenerator<unknown>;
        })();
      };
    },
  });
}

/** Readers of documents that are sealed, and removed just before a reader comes to them. */
async function readers() {
  const place = await sealedPlace(database);
  const plain = await connectDatabase({
    ...{ uri: database.engine.uri, name: place.db.databaseName, kind: 'EMBEDDED' },
    setUp: () => Promise.resolve(),
    mayBeAway: () => false,
  });
  const happens = async () => {
    await place.sealAll();
    await ageAll(place);
  };
  const { blocks, sealed } = place.open.history;
  const { damage } = place.open;
  const copies = new OnlyCopies({ blocks, sealed, damage });
  const documents = overtaken(new DocumentChunks(plain), happens);
  const turns = new StoredTurns(documents, copies);
  return {
    turns,
    ages: new StoredAges(overtaken(new MongoCycleAges(plain), happens), copies),
    chunks: new StoredChunks({ documents, blocks, sealed, damage }),
    cycles: new CyclesWithBlocks({
      documents: overtaken<CycleStore>(new MongoCycleStore(plain), happens),
      ...{ copies, turns },
      putBack: () => Promise.reject(new Error('nothing is put back')),
    }),
    async close() {
      expect(await place.db.collection('cycle_matrices').countDocuments()).toBe(2);
      await plain.close();
    },
  };
}

type Readers = Awaited<ReturnType<typeof readers>>;

async function turnsOf<T>(all: AsyncIterable<T>, of: (each: T) => Iterable<number>) {
  const turns: number[] = [];
  for await (const each of all) turns.push(...of(each));
  return turns;
}

const turn = (cycle: { readonly turn: number }): number => cycle.turn;

it.each<[string, (all: Readers) => Promise<unknown>, unknown]>([
  [
    'some turns',
    async ({ cycles }) => (await cycles.byTurns(SPARSE)).map(turn).sort((a, b) => a - b),
    SPARSE,
  ],
  [
    'a range',
    async ({ cycles }) => (await cycles.range({ order: 'OLDEST_FIRST', limit: 99 })).map(turn),
    SPARSE,
  ],
  ['the ids', async ({ cycles }) => (await cycles.ids(SPARSE)).size, SPARSE.length],
  ['the span', ({ cycles }) => cycles.span(), { oldest: 1, latest: 6_146 }],
  ['the count', ({ cycles }) => cycles.count(), SPARSE.length],
  ['the ages', async ({ ages }) => (await ages.agesFrom(1, 99)).map(turn), SPARSE],
  [
    'the turns',
    ({ turns }) => turnsOf(turns.documents(1, Infinity), ({ cycle }) => [cycle.turn]),
    SPARSE,
  ],
  [
    'the turns of blocks alone',
    ({ turns }) => turnsOf(turns.documents(1, 4_096), ({ cycle }) => [cycle.turn]),
    SPARSE.slice(0, 9),
  ],
  [
    'the columns of blocks alone',
    ({ chunks }) => turnsOf(chunks.chunks(1, 4_096), (chunk) => chunk.turns),
    SPARSE.slice(0, 9),
  ],
  ['the first turn', ({ turns }) => turns.oldest(), 1],
  [
    'the columns',
    ({ chunks }) => turnsOf(chunks.chunks(1, Infinity), (chunk) => chunk.turns),
    SPARSE,
  ],
])(
  '%s of documents that are removed as they are read come from the blocks',
  async (_what, read, expected) => {
    const all = await readers();
    expect(await read(all)).toEqual(expected);
    await all.close();
  },
);
