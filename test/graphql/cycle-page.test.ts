import { execute, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { createContext, type Services } from '../../src/graphql/context.js';
import { createSchema } from '../../src/graphql/schema.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import { isReadable } from '../../src/history/stored-cycle.js';
import { chain } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';

const STORED = 120;
const PAGE = 50;

const database = useDatabase();
let schema: Awaited<ReturnType<typeof createSchema>>;
let services: Services;
/** The turns of the documents that were read, in the order of reading. */
const read: number[] = [];

beforeAll(async () => {
  schema = await createSchema();
  const { cycles: stored } = await database.open();
  await stored.saveAll(chain(STORED));
  const noting =
    <Args extends readonly unknown[]>(ask: (...args: Args) => ReturnType<CycleStore['range']>) =>
    async (...args: Args) => {
      const found = await ask(...args);
      read.push(...found.map(({ turn }) => turn));
      return found;
    };
  const cycles: CycleStore = Object.assign(Object.create(stored) as CycleStore, {
    range: noting((range: Parameters<CycleStore['range']>[0]) => stored.range(range)),
    byTurns: noting((turns: readonly number[]) => stored.byTurns(turns)),
    span: () => stored.span(),
    idOf: (cycle: Parameters<CycleStore['idOf']>[0]) => stored.idOf(cycle),
  });
  const feed = new CycleFeed(cycles);
  const latest = await stored.latest();
  if (!latest || !isReadable(latest)) throw new Error('nothing is stored');
  feed.announce(feed.figuresOf(latest));
  services = { cycles, feed, universe: latest.universe } as Services;
});

/** Runs a query of cycles, and tells which documents it took. */
async function readFor(fields: string): Promise<{ turns: number[]; data: unknown }> {
  read.length = 0;
  const contextValue = createContext(services, { role: 'viewer', expiresAt: null, client: '' });
  const result = await execute({ schema, document: parse(`{ ${fields} }`), contextValue });
  expect(result.errors).toBeUndefined();
  return { turns: [...read], data: result.data };
}

const cursor = (turn: number): string => Buffer.from(`turn:${turn}`).toString('base64url');

describe('a page of cycles', () => {
  const WITH_THOSE_BEFORE =
    '{ nodes { turn msSincePreviousTurn matrix(kind: ID_PCT) { values } } }';

  it.each([
    ['from the newest', `cycles(first: ${PAGE})`, PAGE + 1],
    ['from a cursor', `cycles(first: ${PAGE}, after: "${cursor(90)}")`, PAGE + 1],
    ['down to the first turn', `cycles(first: ${PAGE}, after: "${cursor(PAGE + 1)}")`, PAGE],
    // Which cycles there are before it, and the one that its oldest is derived from: one at each end.
    ['before a cursor', `cycles(last: ${PAGE}, before: "${cursor(30)}")`, PAGE + 2],
  ])(
    '%s reads each document once, those that it is derived from included',
    async (_, page, most) => {
      const { turns, data } = await readFor(`${page} ${WITH_THOSE_BEFORE}`);
      const { nodes } = (data as { cycles: { nodes: { turn: number }[] } }).cycles;
      expect(nodes).toHaveLength(PAGE);
      expect(new Set(turns).size).toBe(turns.length);
      expect(turns.length).toBeLessThanOrEqual(most);
    },
  );

  it('gives the same numbers as each of its cycles asked for alone', async () => {
    const { data } = await readFor(`cycles(first: ${PAGE}) ${WITH_THOSE_BEFORE}`);
    const { nodes } = (data as { cycles: { nodes: { turn: number }[] } }).cycles;
    for (const node of [nodes[0], nodes[7], nodes.at(-1)]) {
      const alone = await readFor(
        `cycle(turn: ${node?.turn}) { turn msSincePreviousTurn matrix(kind: ID_PCT) { values } }`,
      );
      expect(JSON.stringify((alone.data as { cycle: unknown }).cycle)).toBe(JSON.stringify(node));
    }
  });
});
