import { randomUUID } from 'node:crypto';
import { MongoClient, type Db } from 'mongodb';
import { onTestFinished } from 'vitest';
import { DocumentAging } from '../../src/cluster/document-aging.js';
import { Sealing, type SealingOptions } from '../../src/cluster/sealing.js';
import type { Cycle, CycleFigures } from '../../src/domain/cycle.js';
import { verifyChain, type Flaw } from '../../src/history/blocks/verify.js';
import type { TurnChunks } from '../../src/history/turn-chunk.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { figures } from './cycles.js';
import type { TestDatabase } from './database.js';
import { keptLogger } from './logs.js';

/** Turns in three blocks, few in each, and the first of a fourth, which is not complete. */
export const SPARSE = [
  ...[1, 2, 3, 2_047, 2_048],
  ...[2_049, 3_000, 3_001, 4_096],
  ...[4_100, 4_101, 6_143],
  ...[6_145, 6_146],
];

/** Cycles of some turns, each built upon the one before. */
export function cyclesAt(turns: readonly number[], step = 0): Cycle[] {
  let previous: CycleFigures | null = null;
  return turns.map((turn, n) => {
    previous = figures(turn, previous, n + step);
    return previous.cycle;
  });
}

export interface SealedPlace {
  readonly open: OpenDatabase;
  /** A way round everything to what is stored. */
  readonly db: Db;
  sealing(parts?: Partial<SealingOptions>): Sealing;
  /** Seals all that can be. */
  sealAll(): Promise<void>;
  flaws(): Promise<Flaw[]>;
  /** All that there is to be known of the stored turns, and how many blocks were read for it. */
  known(): Promise<{ turns: unknown[]; blocks: number }>;
}

/** How many cycles are written at a time. */
const PART = 500;

/** A database with cycles of some turns. */
export async function sealedPlace(
  database: TestDatabase,
  cycles: readonly Cycle[] = cyclesAt(SPARSE),
): Promise<SealedPlace> {
  const name = `sealing_${randomUUID().slice(0, 8)}_simulated`;
  const open = await database.open(name);
  // In parts that a busy machine writes before the database counts as away.
  for (let from = 0; from < cycles.length; from += PART) {
    await open.cycles.saveAll(cycles.slice(from, from + PART));
  }
  const client = await MongoClient.connect(database.engine.uri);
  onTestFinished(() => client.close());
  const sealing = (parts: Partial<SealingOptions> = {}) =>
    new Sealing({
      ...open,
      ...open.history,
      lease: { isHeld: true },
      log: keptLogger(),
      paceOf: () => UNPACED,
      ...parts,
    });
  return {
    open,
    db: client.db(name),
    sealing,
    async sealAll() {
      const sealer = sealing();
      while ((await sealer.run()) === 'SEALED');
    },
    async flaws() {
      const found: Flaw[] = [];
      for await (const { flaws } of verifyChain(open.history)) found.push(...flaws);
      return found;
    },
    known: () => knownOf(open.chunks),
  };
}

/** All that a reader of chunks can learn of some turns, turn by turn. */
async function knownOf(chunks: TurnChunks, first = 1, last = Infinity) {
  const turns: unknown[] = [];
  let blocks = 0;
  for await (const chunk of chunks.chunks(first, last)) {
    const pairs = await chunk.load(chunk.listed);
    const records = await chunk.records();
    blocks += chunk.cost.blocks;
    chunk.turns.forEach((turn, at) => {
      const there = pairs.filter(({ last }) => !Number.isNaN(last[at]));
      turns.push({
        turn,
        observedAt: chunk.observedAt[at],
        staleAfterMs: chunk.staleAfterMs[at],
        previousTurn: chunk.previousTurns[at],
        universe: chunk.universes[at],
        record: records[at],
        tickers: there.map(({ symbol, base, quote, last, open, bid, ask, lag }) => [
          ...[symbol, base, quote],
          ...[last[at], open[at], bid[at], ask[at], lag[at]],
        ]),
      });
    });
  }
  return { turns, blocks };
}

/** Removes documents that are sealed, as if an hour and a day had passed. */
export function agingOf(
  { open }: Pick<SealedPlace, 'open'>,
  parts: Partial<ConstructorParameters<typeof DocumentAging>[0]> = {},
): DocumentAging {
  return new DocumentAging({
    ...open,
    ...open.history,
    remover: open.history.rewrite,
    log: keptLogger(),
    days: 1,
    knownMs: 0,
    ...parts,
  });
}

/** Removes all documents that can be, and says how often it went on. */
export async function ageAll(
  place: Pick<SealedPlace, 'open'>,
  parts: Parameters<typeof agingOf>[1] = {},
): Promise<number> {
  const aging = agingOf(place, parts);
  let steps = 0;
  while (await aging.run(() => true, UNPACED)) steps++;
  return steps;
}
