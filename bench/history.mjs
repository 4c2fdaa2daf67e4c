// The past: bytes of a cycle, sealed and not; series, candles and charts against the driver reading documents.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { pino } from 'pino';
import { KeptStretches } from '../dist/history/kept-stretches.js';
import { RecentChunks } from '../dist/history/recent-chunks.js';
import { SeriesReader } from '../dist/history/series-reader.js';
import { parseMoment } from '../dist/domain/series/moment.js';
import { firstPace } from '../dist/scheduling/slices.js';
import { openHistory } from './history-database.mjs';
import { benchPushesBeside } from './history-pushes.mjs';
import { median, timed } from './measure.mjs';

const HOUR_MS = 3_600_000;
const DAY_TURNS = 10_800;
const MEMORY_BYTES = 56 * 1024 * 1024;
const KEPT_BYTES = 8 * 1024 * 1024;
/** So many documents are read by the driver, for what a cycle takes. */
const DRIVER_CYCLES = 20_000;
/** Of a full universe of 20 assets. */
const MANY_ASSETS = 20;
const MANY_CELLS = 100;

/** @param {{ quick: boolean, cycles?: number, folder?: string }} options */
export async function benchHistory({ quick, cycles = quick ? 10_000 : 100_000, folder }) {
  const log = pino({ level: 'silent' });
  const dataDir = folder ?? (await mkdtemp(path.join(tmpdir(), 'dynamics-bench-')));
  const tables = [];
  try {
    const history = await openHistory({ dataDir, assets: 9, count: cycles, log });
    try {
      const sealing = await history.seal();
      tables.push(await bytes(history, sealing));
      tables.push(...(await reading(history, quick)));
    } finally {
      await history.close();
    }
    tables.push(await benchPushesBeside(dataDir, quick));
  } finally {
    if (!folder) await rm(dataDir, { recursive: true, force: true });
  }
  tables.push(await manyCells(quick, log));
  return tables;
}

async function bytes({ place, open }, sealing) {
  await place.admin().command({ fsync: 1 });
  const stats = async (name) => {
    const [{ storageStats }] = await place
      .collection(name)
      .aggregate([{ $collStats: { storageStats: {} } }])
      .toArray();
    return storageStats;
  };
  const [documents, blocks, manifest] = await Promise.all(
    ['cycle_matrices', 'history_blocks', 'history_manifest'].map(stats),
  );
  const entries = await open.history.sealed.all();
  const turns = entries.reduce((sum, entry) => sum + entry.turns, 0);
  const [{ volumes }] = await place
    .collection('history_blocks')
    .aggregate([
      { $match: { _id: /volumes$/ } },
      { $group: { _id: null, volumes: { $sum: { $bsonSize: '$$ROOT' } } } },
    ])
    .toArray();
  const disk = ({ storageSize, freeStorageSize = 0, totalIndexSize }) =>
    storageSize - freeStorageSize + totalIndexSize;
  return {
    title: 'history: bytes a cycle',
    rows: [
      {
        cycles: documents.count,
        sealed: turns,
        'documents on disk': Math.round(disk(documents) / documents.count),
        'blocks and manifest on disk': Math.round((disk(blocks) + disk(manifest)) / turns),
        packed: Math.round(blocks.size / turns),
        'of them volumes': Math.round(volumes / turns),
        'µs to seal': sealing === null ? '-' : Math.round(sealing),
      },
    ],
  };
}

function readerOver({ open, latest }, chunks, kept = null) {
  return new SeriesReader({
    cycles: open.cycles,
    chunks,
    extent: { observed: () => open.ages.observedWithin(1, latest) },
    clock: Date.now,
    kept,
    mostReads: Infinity,
  });
}

const cell = (base, quote) => ({ kind: 'CELL', matrix: 'ID_BENCHMARK', base, quote });

function candles(base, quote) {
  const [from, to] = [parseMoment('start'), parseMoment('now')];
  return { lines: [cell(base, quote)], from, to, every: HOUR_MS, maxPoints: 20_000 };
}

function day(lines) {
  const [from, to] = [parseMoment('now-1d'), parseMoment('now')];
  return { lines, from, to, every: null, maxPoints: 500 };
}

async function reading(history, quick) {
  const { open, place, latest } = history;
  const rows = [];
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const add = (what, { wall, cpu }) =>
    rows.push({ what, 'wall ms': wall, 'cpu ms': cpu, 'µs a cycle': (1e3 * wall) / latest });

  const direct = await timed(async () => {
    let [sum, count] = [0, 0];
    for await (const chunk of open.chunks.chunks(1, latest)) {
      const [pair] = await chunk.load(chunk.listed.filter(({ symbol }) => symbol === 'BTCUSDT'));
      for (const price of pair.last) sum += price;
      count += chunk.turns.length;
    }
    if (!(sum > 0) || count !== latest) throw new Error('not every cycle was read');
  });
  add('one direct cell, raw', direct);
  const driver = await timed(() => readByDriver(place.collection('cycle_matrices'), latest));
  const perCycle = driver.wall / Math.min(DRIVER_CYCLES, latest);
  add('the driver reading the documents (of all, by a part)', {
    wall: perCycle * latest,
    cpu: (driver.cpu / driver.wall) * perCycle * latest,
  });
  // As in a server: one memory of the newest turns for all who read.
  const recent = new RecentChunks({
    ...{ store: open.chunks, latestTurn: () => latest, epoch: () => '', bytes: MEMORY_BYTES },
  });
  const unkept = readerOver(history, recent);
  const chart = () => unkept.read(day([cell('BTC', 'USDT')]), firstPace());
  // The first range of time asks once when each turn was observed.
  add('a chart of a day, first after the start', await timed(chart));
  const warm = [];
  for (let round = 0; round < (quick ? 5 : 15); round++) warm.push(await timed(chart));
  add('the same, warm', {
    wall: median(warm.map(({ wall }) => wall)),
    cpu: median(warm.map(({ cpu }) => cpu)),
  });
  const kept = new KeptStretches({ epoch: () => '', bytes: KEPT_BYTES });
  const reader = readerOver(history, recent, kept);
  const turns = [];
  for (const [name, base, quote] of [
    ['direct pair', 'BTC', 'USDT'],
    // By then the program is warm, and of this pair nothing is known.
    ['second direct pair', 'ETH', 'USDT'],
    ['cross', 'DOGE', 'ETH'],
  ])
    for (const time of ['first time', 'second time']) {
      const read = await timed(() => reader.read(candles(base, quote), firstPace()));
      add(`hourly candles of a ${name}, ${time}`, read);
      turns.push({ candles: `${name}, ${time}`, 'turns gone through': read.result.plan.turns });
    }
  clearInterval(watch);
  const memory = { 'MB before': before / 1e6, 'MB at most': most / 1e6 };
  return [
    { title: `history: reading ${latest} cycles`, rows },
    { title: 'history: what is kept of past buckets', rows: turns },
    { title: 'history: memory', rows: [{ ...memory, 'MB of buckets': kept.bytes / 1e6 }] },
  ];
}

async function readByDriver(collection, latest) {
  const end = Math.min(DRIVER_CYCLES, latest);
  let read = 0;
  const found = collection.find({ turn: { $lte: end } }).sort({ turn: 1 });
  for await (const document of found) if (document.turn > 0) read++;
  if (read !== end) throw new Error('the driver did not read every cycle');
}

/** A hundred cells in one pass, against one of them. */
async function manyCells(quick, log) {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'dynamics-bench-'));
  const count = quick ? 4_200 : DAY_TURNS;
  const history = await openHistory({ dataDir, assets: MANY_ASSETS, count, log });
  try {
    await history.seal();
    const { universe, open } = history;
    const all = universe.flatMap((base) =>
      universe.filter((quote) => quote !== base).map((quote) => cell(base, quote)),
    );
    const step = Math.floor(all.length / MANY_CELLS);
    const many = Array.from({ length: MANY_CELLS }, (_, n) => all[n * step]);
    const times = { one: [], many: [] };
    for (let round = 0; round < (quick ? 3 : 5); round++) {
      const reader = readerOver(history, open.chunks);
      times.one.push((await timed(() => reader.read(day([cell('BTC', 'USDT')]), firstPace()))).cpu);
      times.many.push((await timed(() => reader.read(day(many), firstPace()))).cpu);
    }
    const [one, hundred] = [median(times.one), median(times.many)];
    return {
      title: `history: ${MANY_CELLS} cells of ${MANY_ASSETS} assets over ${count} turns`,
      rows: [{ 'one cell, cpu ms': one, 'all, cpu ms': hundred, 'all / one': hundred / one }],
    };
  } finally {
    await history.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
