// Bytes of a stored cycle against nested documents, and reading one cell's series against the driver.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BSON, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { MATRIX_KINDS } from '../dist/domain/matrix.js';
import { CycleFigures } from '../dist/domain/cycle.js';
import { PairGraphs } from '../dist/domain/rates/pair-graph.js';
import { openEmbeddedEngine } from '../dist/embedded-mongo/engine.js';
import { openDatabase } from '../dist/open-database.js';
import { toDocument } from '../dist/mongo/cycle-mapping.js';
import { cyclesOf } from './fixture.mjs';
import { median } from './measure.mjs';

const DATABASE = 'bench';
const PAGE = 1_000;

/** @param {{ quick: boolean }} options */
export async function benchStore({ quick }) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'dynamics-bench-'));
  const log = pino({ level: 'silent' });
  const engine = await openEmbeddedEngine({ dataDir, log });
  const client = await MongoClient.connect(engine.uri);
  const settings = { uri: engine.uri, name: DATABASE, dataDir, retentionDays: 0 };
  const database = await openDatabase(settings, log);
  try {
    const place = client.db(DATABASE);
    return [await sizes(place, quick), await series(place, database.cycles, quick)];
  } finally {
    await database.close();
    await client.close();
    await engine.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The same cycle as the prototype stored it: each matrix an object of objects. */
function nestedDocument(figures, previous) {
  const { turn, universe, frame } = figures.cycle;
  const matrices = MATRIX_KINDS.map((kind) => {
    const matrix = figures.since(previous).matrix(kind);
    const rows = universe.map((base, i) => [
      base,
      Object.fromEntries(
        universe.map((quote, j) => {
          const value = matrix.cells[i * universe.length + j];
          return [quote, Number.isFinite(value) ? value : null];
        }),
      ),
    ]);
    return [kind.toLowerCase(), Object.fromEntries(rows)];
  });
  return { turn, timestamp: new Date(frame.observedAt), ...Object.fromEntries(matrices) };
}

async function sizes(place, quick) {
  const rows = [];
  for (const size of [9, 50, 100]) {
    const cycles = cyclesOf(size);
    const [ours, nested] = ['sizes_ours', 'sizes_nested'].map((name) => `${name}_${size}`);
    const zstd = { storageEngine: { wiredTiger: { configString: 'block_compressor=zstd' } } };
    await place.createCollection(ours, zstd);
    await place.createCollection(nested);
    const bytes = { ours: [], nested: [] };
    let previous = cycles.next();
    for (let n = 0; n < (quick ? 50 : 300); n++) {
      const figures = cycles.next();
      const documents = {
        ours: toDocument(figures.cycle),
        nested: nestedDocument(figures, previous),
      };
      for (const name of ['ours', 'nested'])
        bytes[name].push(BSON.calculateObjectSize(documents[name]));
      await place.collection(ours).insertOne(documents.ours);
      await place.collection(nested).insertOne(documents.nested);
      previous = figures;
    }
    await place.admin().command({ fsync: 1 });
    const stored = async (name) => {
      const [{ storageStats }] = await place
        .collection(name)
        .aggregate([{ $collStats: { storageStats: {} } }])
        .toArray();
      return storageStats.storageSize / storageStats.count;
    };
    rows.push({
      N: size,
      'nested bytes': Math.round(median(bytes.nested)),
      'our bytes': Math.round(median(bytes.ours)),
      'nested / ours': median(bytes.nested) / median(bytes.ours),
      'ours on disk': Math.round(await stored(ours)),
      'on disk, nested / ours': (await stored(nested)) / (await stored(ours)),
    });
  }
  return { title: 'store: bytes of a stored cycle', rows };
}

async function series(place, store, quick) {
  const count = quick ? 10_000 : 100_000;
  const cycles = cyclesOf(9);
  const collection = place.collection('cycle_matrices');
  for (let at = 0; at < count; at += PAGE) {
    const documents = Array.from({ length: PAGE }, () => toDocument(cycles.next().cycle));
    await collection.insertMany(documents, { ordered: false });
  }
  const driver = async () => {
    let read = 0;
    for (let after = 0; after < count; after += PAGE) {
      const page = await collection
        .find({ turn: { $gt: after } })
        .sort({ turn: 1 })
        .limit(PAGE)
        .toArray();
      read += page.length;
    }
    return read;
  };
  const ours = async () => {
    let read = 0;
    // What the pairs give is kept from cycle to cycle, as wherever the server reads many.
    const graphs = new PairGraphs();
    for (let afterTurn = 0; afterTurn < count; afterTurn += PAGE) {
      const page = await store.range({ afterTurn, order: 'OLDEST_FIRST', limit: PAGE });
      for (const cycle of page) {
        const { cells } = new CycleFigures(cycle, graphs).matrix('ID_BENCHMARK');
        if (cells[1] > 0) read++;
      }
    }
    return read;
  };
  const times = { driver: [], ours: [] };
  for (let round = 0; round < (quick ? 3 : 5); round++) {
    for (const [name, read] of Object.entries({ driver, ours })) {
      const start = performance.now();
      if ((await read()) !== count) throw new Error(`${name} did not read every cycle`);
      times[name].push(performance.now() - start);
    }
  }
  const [limit, own] = [median(times.driver), median(times.ours)];
  return {
    title: "store: one cell's series",
    rows: [
      { cycles: count, 'driver s': limit / 1e3, 'ours s': own / 1e3, 'ours / driver': own / limit },
    ],
  };
}
