// One export to nowhere, for bench/export.mjs: says what it took.
import 'reflect-metadata';
import { pino } from 'pino';
import { openDatabase } from '../dist/open-database.js';
import { firstPace } from '../dist/scheduling/slices.js';
import { Exporter } from '../dist/transfer/exporter.js';
import { readExport } from '../dist/transfer/request.js';
import { DATABASE } from './history-database.mjs';

const NUMBERS = ['last', 'open', 'bid', 'ask', 'lag'];
const { uri, dataDir, format, rows } = JSON.parse(process.argv[2]);
const open = await openDatabase({ uri, name: DATABASE, dataDir }, pino({ level: 'silent' }));
const { request } = readExport({ cells: 'BTC/USDT,BRL/EUR', format });
const [first] = await open.cycles.range({ order: 'OLDEST_FIRST', limit: 1 });
const [last] = await open.cycles.range({ order: 'NEWEST_FIRST', limit: 1 });
// The block of the last turn is not complete.
const whole = last.turn - 1 - ((last.turn - 1) % 2_048);
const spanMs = last.frame.observedAt - first.frame.observedAt + 8_000;

/** The stored turns over and over, read each time, under the numbers and times that come next. */
const chunks = {
  async *chunks(_first, lastTurn, pace) {
    for (let pass = 0, turn = 1; turn <= lastTurn; pass++) {
      for await (const chunk of open.chunks.chunks(1, whole, pace)) {
        const room = Math.min(chunk.turns.length, lastTurn - turn + 1);
        yield later(chunk, turn, pass * spanMs, room);
        turn += room;
        if (turn > lastTurn) return;
      }
    }
  },
};

function later(chunk, turn, ms, room) {
  const cut = (column) => column.subarray(0, room);
  return {
    turns: cut(chunk.turns).map((_, at) => turn + at),
    observedAt: cut(chunk.observedAt).map((moment) => moment + ms),
    staleAfterMs: cut(chunk.staleAfterMs),
    previousTurns: cut(chunk.previousTurns),
    universes: chunk.universes.slice(0, room),
    listed: chunk.listed,
    load: async (pairs, pace) =>
      (await chunk.load(pairs, pace)).map((each) => ({
        ...{ symbol: each.symbol, base: each.base, quote: each.quote },
        ...Object.fromEntries(NUMBERS.map((name) => [name, cut(each[name])])),
      })),
    cost: chunk.cost,
  };
}

const end = { ...last, turn: rows };
const exporter = new Exporter({
  chunks,
  cycles: { range: async ({ order }) => [order === 'OLDEST_FIRST' ? first : end] },
  extent: { observed: async () => ({ first: first.frame.observedAt, last: 8e15 }) },
  clock: () => 0,
  universe: last.universe,
  epoch: () => '',
  origin: async () => null,
  version: '',
});
const plan = await exporter.plan(request);
let [bytes, early, largest] = [0, 0, 0];
const before = process.cpuUsage();
for await (const piece of exporter.pieces(plan, firstPace())) {
  for (const each of piece.bytes) bytes += each.length;
  const rss = process.memoryUsage.rss() / 1e6;
  if (piece.turn < rows / 10) early = Math.max(early, rss);
  largest = Math.max(largest, rss);
}
const { user, system } = process.cpuUsage(before);
await open.close();
process.send({
  ...{ rows, bytes, seconds: (user + system) / 1e6 },
  ...{ early: Math.round(early), largest: Math.round(largest) },
});
process.disconnect();
