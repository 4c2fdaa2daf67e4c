// Seals the blocks of a small database, removes the documents that they hold, puts these back, takes the
// blocks away, and seals them again, until it is ended.
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { cyclesOf } from '../../bench/fixture.mjs';
import { DocumentAging } from '../../dist/cluster/document-aging.js';
import { Sealing } from '../../dist/cluster/sealing.js';
import { verifyChain } from '../../dist/history/blocks/verify.js';
import { openDatabase } from '../../dist/open-database.js';
import { firstPace } from '../../dist/scheduling/slices.js';

const DATABASE = 'sealing';
const BLOCK_TURNS = 2_048;
const BLOCKS = 4;
/** So many turns of each block there are. */
const TURNS = 150;
const AT_ONCE = 10;

const [dataDir] = process.argv.slice(2);
let engine = null;
const log = pino(
  { level: 'info' },
  {
    write(line) {
      const { role, pid } = JSON.parse(line);
      if (role === 'host') engine = pid;
    },
  },
);
const open = await openDatabase({ uri: null, name: DATABASE, dataDir }, log);
process.on('message', () => {
  if (engine !== null) process.kill(engine, 'SIGKILL');
});
process.on('disconnect', () => process.exit(0));

/** The first turns of each block, and its last one; of the last block only the first ones. */
function someCycles() {
  const cycles = cyclesOf(9);
  const turns = Array.from({ length: BLOCKS * TURNS + 1 }, (_, n) => {
    const [block, at] = [Math.floor(n / TURNS), n % TURNS];
    return block * BLOCK_TURNS + (at === TURNS - 1 ? BLOCK_TURNS : at + 1);
  });
  return turns.map((turn) => cycles.next(turn).cycle);
}

/** All that is answered of every turn, from blocks and documents, and what is wrong in the chain. */
async function look() {
  const hash = createHash('sha256');
  let blocks = 0;
  for await (const chunk of open.chunks.chunks(1, Infinity)) {
    const pairs = await chunk.load(chunk.listed);
    const records = await chunk.records();
    for (const [at, turn] of chunk.turns.entries()) {
      const head = [turn, chunk.observedAt[at], chunk.staleAfterMs[at], chunk.previousTurns[at]];
      hash.update(JSON.stringify([head, chunk.universes[at], sorted(records[at])]));
      for (const { symbol, last, open: first, bid, ask, lag } of pairs)
        hash.update(JSON.stringify([symbol, last[at], first[at], bid[at], ask[at], lag[at]]));
    }
    blocks += chunk.cost.blocks;
  }
  const stored = await open.cycles.range({ order: 'OLDEST_FIRST', limit: 10_000 });
  hash.update(JSON.stringify(stored.map(sorted)));
  const turns = stored.map(({ turn }) => turn);
  const found = await open.cycles.byTurns(turns);
  hash.update(JSON.stringify(found.sort((a, b) => a.turn - b.turn).map(sorted)));
  const ids = [...(await open.cycles.ids(turns))].sort(([a], [b]) => a - b);
  const extent = [await open.cycles.span(), await open.cycles.count()];
  hash.update(JSON.stringify([ids, extent, await open.ages.agesFrom(1, 10_000)]));
  const documents = await open.history.documents.count(1, Infinity);
  const flaws = [];
  for await (const { flaws: some } of verifyChain(open.history))
    flaws.push(...some.map(({ message }) => message));
  const isPartly = documents > 1 && documents < turns.length;
  return { answers: hash.digest('hex'), flaws, blocks, isPartly, complete: BLOCKS };
}

/** Names in one order. */
function sorted(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

if ((await open.cycles.latest()) === null) await open.cycles.saveAll(someCycles());
process.send({ looked: await look() });

/** A few at a time, so that it is struck between them. */
const remover = {
  allow: () => open.history.rewrite.allow(),
  async removeDocuments(ids) {
    const all = [...ids];
    for (let at = 0; at < all.length; at += AT_ONCE)
      await open.history.rewrite.removeDocuments(new Map(all.slice(at, at + AT_ONCE)));
  },
};
const aging = new DocumentAging({
  ...open,
  ...open.history,
  ...{ remover, log, days: 1, knownMs: 0 },
});
const sealing = new Sealing({
  ...open,
  ...open.history,
  lease: { isHeld: true },
  log,
  paceOf: () => firstPace(),
});
/** Every other process goes straight on to taking blocks away. */
const removesDocuments = process.pid % 2 === 0;
for (;;) {
  try {
    process.send({ doing: 'sealing' });
    while ((await sealing.run()) === 'SEALED');
    process.send({ doing: 'aging' });
    while (removesDocuments && (await aging.run(() => true, firstPace())));
    process.send({ doing: 'return' });
    for (const { firstTurn } of await open.history.sealed.all())
      await open.history.opening.with(firstTurn);
    while ((await sealing.run()) === 'SEALED');
    process.send({ doing: 'removal' });
    await open.history.removal.through(2 * BLOCK_TURNS);
    await open.history.removal.these(await open.history.sealed.all());
  } catch (error) {
    if (error?.name !== 'DatabaseUnavailableError') throw error;
    process.send({ doing: 'pause' });
    await pause(20);
  }
}
