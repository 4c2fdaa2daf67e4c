import { readFileSync } from 'node:fs';
import { gql, InMemoryCache } from '@apollo/client';
import { cacheExchange } from '@urql/exchange-graphcache';
import { buildSchema, isObjectType } from 'graphql';
import { Client, fetchExchange } from 'urql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { typePolicies } from '../../src/client/apollo.js';
import { keys } from '../../src/client/urql.js';

/** Two queries of different parts of the same objects, as two parts of a page ask them. */
const [VALUES, AMOUNTS] = [
  `{ latestCycle { __typename turn
     wallet { __typename value balances { __typename asset value } }
     aux { __typename grt } assets { __typename symbol price }
     matrix(kind: ID_DELTA) { __typename values cell(base: "A", quote: "B") { __typename value } } }
   status { __typename latestTurn exchange { __typename kind } } }`,
  `{ latestCycle { __typename turn
     wallet { __typename source balances { __typename free } }
     aux { __typename imprint } assets { __typename quant }
     matrix(kind: ID_DELTA) { __typename unit cell(base: "A", quote: "B") { __typename ageMs } } }
   status { __typename version exchange { __typename usedWeight } } }`,
] as const;

const valuesAt = (turn: number) => ({
  latestCycle: {
    ...{ __typename: 'Cycle', turn },
    wallet: {
      ...{ __typename: 'Wallet', value: turn * 10 },
      balances: [{ __typename: 'Balance', asset: 'BTC', value: turn }],
    },
    aux: { __typename: 'StrategyAux', grt: turn },
    assets: [{ __typename: 'Asset', symbol: 'BTC', price: turn }],
    matrix: {
      ...{ __typename: 'Matrix', values: [[turn]] },
      cell: { __typename: 'MatrixCell', value: turn },
    },
  },
  status: {
    ...{ __typename: 'Status', latestTurn: turn },
    exchange: { __typename: 'ExchangeStatus', kind: 'BINANCE' },
  },
});

const amountsAt = (turn: number) => ({
  latestCycle: {
    ...{ __typename: 'Cycle', turn },
    wallet: {
      ...{ __typename: 'Wallet', source: 'PAPER' },
      balances: [{ __typename: 'Balance', free: '1' }],
    },
    aux: { __typename: 'StrategyAux', imprint: turn },
    assets: [{ __typename: 'Asset', quant: 0.5 }],
    matrix: {
      ...{ __typename: 'Matrix', unit: 'PERCENT' },
      cell: { __typename: 'MatrixCell', ageMs: 5 },
    },
  },
  status: {
    ...{ __typename: 'Status', version: '1' },
    exchange: { __typename: 'ExchangeStatus', usedWeight: 7 },
  },
});

type Answers = Readonly<Record<string, readonly object[]>>;
type Kept = (query: string) => unknown;

/** Writes answers in turn, and tells what is kept of each query; null where it has to be asked again. */
type Cache = (answers: Answers, order: readonly string[]) => Promise<Kept>;

const inApollo =
  (policies?: typeof typePolicies): Cache =>
  (answers, order) => {
    const cache = new InMemoryCache(policies ? { typePolicies: policies } : {});
    const given = new Map<string, number>();
    for (const query of order) {
      const count = given.get(query) ?? 0;
      given.set(query, count + 1);
      cache.writeQuery({ query: gql(query), data: answers[query]?.[count] as object });
    }
    return Promise.resolve((query) => cache.readQuery({ query: gql(query) }));
  };

const inUrql =
  (ours?: typeof keys): Cache =>
  async (answers, order) => {
    const given = new Map<string, number>();
    const client = new Client({
      url: 'http://localhost/graphql',
      preferGetMethod: false,
      exchanges: [cacheExchange(ours ? { keys: ours } : {}), fetchExchange],
      fetch: (_address, init) => {
        const { query } = JSON.parse(init?.body as string) as { query: string };
        const asked = Object.keys(answers).find((each) => squeezed(each) === squeezed(query)) ?? '';
        const count = given.get(asked) ?? 0;
        given.set(asked, count + 1);
        return Promise.resolve(Response.json({ data: answers[asked]?.[count] }));
      },
    });
    for (const query of order) {
      await client.query(query, {}, { requestPolicy: 'network-only' }).toPromise();
    }
    return (query) =>
      (client.readQuery(query, {}, { requestPolicy: 'cache-only' })?.data as unknown) ?? null;
  };

const squeezed = (text: string): string => text.replace(/\s+/g, '');

const CACHES = { 'Apollo Client': inApollo, urql: inUrql };

describe.each(Object.entries(CACHES))('the cache of %s', (_name, cacheWith) => {
  const ours = (cacheWith as typeof inApollo)(
    (cacheWith === inUrql ? keys : typePolicies) as never,
  );
  const own = cacheWith();
  const answers = { [VALUES]: [valuesAt(41), valuesAt(42)], [AMOUNTS]: [amountsAt(41)] };

  it('keeps what two queries know of the same cycle, with our policies', async () => {
    const kept = await ours(answers, [VALUES, AMOUNTS]);
    expect(kept(VALUES)).toEqual(valuesAt(41));
    expect(kept(AMOUNTS)).toEqual(amountsAt(41));
  });

  it('joins nothing of one cycle with anything of another', async () => {
    const kept = await ours(answers, [VALUES, AMOUNTS, VALUES]);
    expect(kept(VALUES)).toEqual(valuesAt(42));
    // What the second query knows is of an older cycle: it has to be asked again.
    expect(kept(AMOUNTS)).toBeNull();
  });

  it('joins nothing of cycles that do not say which they are', async () => {
    const asking = (field: string): string =>
      `{ latestCycle { __typename wallet { __typename ${field} } } }`;
    const [values, sources] = [asking('value'), asking('source')];
    const of = (wallet: object) => ({
      latestCycle: { __typename: 'Cycle', wallet: { __typename: 'Wallet', ...wallet } },
    });
    const unnamed = { [values]: [of({ value: 1 })], [sources]: [of({ source: 'PAPER' })] };
    const kept = await ours(unnamed, [values, sources]);
    expect(kept(sources)).toEqual(of({ source: 'PAPER' }));
    expect(kept(values)).toBeNull();
  });

  it('loses or mixes what it is told without them', async () => {
    for (const level of ['warn', 'error'] as const) {
      const silent = vi.spyOn(console, level).mockImplementation(() => undefined);
      onTestFinished(() => silent.mockRestore());
    }
    const kept = await own(answers, [VALUES, AMOUNTS, VALUES]);
    const isWhole = JSON.stringify(kept(AMOUNTS)) === JSON.stringify(amountsAt(42));
    const both = await own(answers, [VALUES, AMOUNTS]);
    const isLost = both(VALUES) === null;
    const isMixed = kept(AMOUNTS) !== null && !isWhole;
    expect(isLost || isMixed).toBe(true);
  });
});

describe('our keys for Graphcache', () => {
  it('are for each type that has no id, and for no other', () => {
    const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
    const roots = new Set(['Query', 'Mutation', 'Subscription']);
    const without = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !roots.has(type.name))
      .filter((type) => isObjectType(type) && !type.getFields()['id'])
      .map(({ name }) => name);
    expect(Object.keys(keys).sort()).toEqual([...without, 'Cycle'].sort());
  });
});
