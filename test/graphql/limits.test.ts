import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { countCosts } from '../../src/operate/cost.js';
import { createSchema } from '../../src/graphql/schema.js';
import { getIntrospectionQuery, parse, type OperationDefinitionNode } from 'graphql';
import { launchApp, query, type Answer, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
const ASSETS = ['USDT', 'BTC', 'ETH', ...Array.from({ length: 297 }, (_, n) => `A${n}`)];
let app: RunningApp;
let socket: RawSocket;

function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  return launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `limits_${process.pid}_${Object.keys(settings).join('')}`,
      DATA_DIR: database.dataDir,
      ASSETS: ASSETS.join(','),
      CYCLE_INTERVAL_MS: '86400000',
      ...settings,
    },
    { market },
  );
}

beforeAll(async () => {
  app = await start();
  await turnReached(app, 1);
  socket = await RawSocket.open(app);
});
afterAll(() => app.stop());

/** Normal clients go on whatever others do. */
async function expectService(): Promise<void> {
  const normal = '{ latestCycle { turn matrix(kind: QUANTID, bases: ["BTC"]) { values } } }';
  expect((await query(app, normal)).errors).toBeUndefined();
  expect((await socket.run(normal)).errors).toBeUndefined();
}

const repeat = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

const fields = (count: number): [string, number][] =>
  Array.from({ length: count }, (_, n) => [`f${n}`, n]);

const LISTED =
  'query ($b: [String!]) { latestCycle { matrix(kind: QUANTID, bases: $b) { values } } }';
const CHANGE =
  'mutation ($i: UpdateStrategyConfigInput!) { updateStrategyConfig(input: $i) { userErrors { message } } }';

const bomb = (depth: number): string =>
  `{ __schema { types ${'{ fields { type '.repeat(depth)} { name } ${'} }'.repeat(depth)} } }`;

describe('an operation beyond a limit is refused over HTTP and WebSocket, with the limit', () => {
  it.each<[string, string, Record<string, unknown>]>([
    [
      'deep',
      `{ latestCycle ${'{ ... on Node { ... on Cycle { config '.repeat(14)} { id } ${'} } }'.repeat(14)} }`,
      {},
    ],
    [
      'with 101 aliases',
      `{ ${repeat(101, (n) => `a${n}: latestCycle { turn }`)} }`,
      { limit: 'aliases', allowed: 100, found: 101 },
    ],
    [
      'with 51 directives',
      `{ latestCycle { turn ${'@include(if: true) '.repeat(1)} } ${repeat(51, (n) => `a${n % 90}: __typename @include(if: true)`)} }`,
      { limit: 'directives', allowed: 50, found: 52 },
    ],
    [
      'for 100 cycles with all matrices of 300 assets',
      '{ cycles(first: 100) { nodes { turn matrices { kind values } } } }',
      { limit: 'cost', allowed: 1_500_000, found: 45_000_000 + 801 },
    ],
    [
      'for a matrix under a hundred names, in fragments',
      `{ latestCycle { ...F } } fragment F on Cycle { ${repeat(99, (n) => `m${n}: matrix(kind: ID_DELTA) { values }`)} }`,
      { limit: 'cost', allowed: 1_500_000, found: 99 * 90_001 + 1 },
    ],
  ])('%s', async (_name, document, details) => {
    const overHttp = await query(app, document);
    const overSocket = await socket.run(document);
    expect(overHttp.status).toBe(400);
    for (const { errors } of [overHttp, overSocket]) {
      if (Object.keys(details).length > 0) {
        expect(errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', ...details });
        expect(errors?.[0]?.message).toMatch(/ are allowed, not \d+/);
      } else expect(errors?.length).toBeGreaterThan(0);
    }
    await expectService();
  });

  it.each([
    [
      '10,000 aliases',
      `{ ${repeat(10_000, (n) => `a${n}: __typename`)} }`,
      /more that 2000 tokens/,
    ],
    [
      'fragments in a ring',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      /cycle|itself/i,
    ],
    ['an introspection bomb', bomb(8), /introspection depth/i],
    [
      'fragments that double at each step',
      `{ ...F0 } ${repeat(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Query { __typename }`,
      /^cost: 1500000 are allowed, not 1099511627776$/,
    ],
    ['thousands of open braces', `{ ${'a { '.repeat(2_400)}`, /more that 2000 tokens/],
    [
      'hundreds of levels',
      `{ ${'a { '.repeat(600)} b ${'} '.repeat(600)} }`,
      /depth|Cannot query field/,
    ],
  ])('%s', async (_name, document, message) => {
    for (const { errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors?.map((error) => error.message).join('\n')).toMatch(message);
    }
    await expectService();
  });

  const types = (n: number) =>
    `a${n}: __schema { types { name fields { name description args { name description type { name } } } } }`;

  it.each<[string, { query: string; variables?: unknown }, Record<string, unknown>]>([
    [
      'introspection under 60 names',
      { query: `{ ${repeat(60, types)} }` },
      { limit: 'cost', allowed: 1_500_000 },
    ],
    [
      'a document that is mostly comments',
      { query: `${'#\n'.repeat(50_000)}{ __typename }` },
      { limit: 'characters of a document', allowed: 50_000, found: 100_014 },
    ],
    [
      'assets of 100 cycles under many names',
      {
        query: `{ cycles(first: 100) { nodes { assets { ${repeat(20, (n) => `a${n}: price`)} } } } }`,
      },
      { limit: 'fields', allowed: 150_000, found: 600_201 },
    ],
    [
      'the same field of a hundred assets, 201 times',
      { query: `{ latestCycle { ${'assets { symbol } '.repeat(201)} } }` },
      { limit: 'fields of one name', allowed: 200, found: 201 },
    ],
    [
      'the same field under many names in two fragments',
      {
        query: `{ latestCycle { ...A ...B } } ${['A', 'B'].map((f) => `fragment ${f} on Cycle { ${'a: wallet { source } '.repeat(150)} }`).join(' ')}`,
      },
      { limit: 'fields of one name', allowed: 200, found: 300 },
    ],
    [
      'a null in 8,000 places where there must be a value',
      {
        query: `query ($b: String = "BTC") { cycles(first: 100) { nodes { matrix(kind: QUANTID, bases: ["BTC"]) { ${repeat(80, (n) => `c${n}: cell(base: $b, quote: "BTC") { value }`)} } } } }`,
        variables: { b: null },
      },
      { limit: 'fields', allowed: 150_000, found: 1 + 100 * (1 + 1 + 80 * 102) },
    ],
    [
      'a condition in 100 cycles that is neither true nor false',
      {
        query: `query ($b: Boolean = true) { cycles(first: 100) { nodes { ${repeat(16, (n) => `c${n}: aux { turn @skip(if: $b) }`)} } } }`,
        variables: { b: null },
      },
      { limit: 'fields', allowed: 150_000, found: 1 + 100 * (1 + 16 * 102) },
    ],
    [
      'pages of cycles under many names, of which hardly anything is asked',
      { query: `{ ${repeat(99, (n) => `n${n}: cycles(first: 100) { pageInfo { endCursor } }`)} }` },
      { limit: 'assets of stored cycles', allowed: 50_000, found: 99 * 100 * 300 },
    ],
    [
      'one cell of each of 100 cycles, for which all of their matrices are derived',
      {
        query:
          '{ cycles(first: 100) { nodes { matrix(kind: QUANTID, bases: ["BTC"], quotes: ["USDT"]) { values } } } }',
      },
      { limit: 'assets of stored cycles', allowed: 50_000, found: 100 * (300 + 300 ** 2 / 150) },
    ],
    [
      'a document of 3,000 lines',
      { query: `${'\n'.repeat(3_000)}{ __typename }` },
      { limit: 'lines of a document', allowed: 2_000, found: 3_001 },
    ],
    [
      'a list of 60,000 wrong values',
      { query: LISTED, variables: { b: Array(60_000).fill(1) } },
      { limit: 'values in variables', allowed: 5_000, found: 60_001 },
    ],
    [
      'a list of 20,000 times the same asset',
      { query: LISTED, variables: { b: Array(20_000).fill('BTC') } },
      { limit: 'values in variables', allowed: 5_000, found: 20_001 },
    ],
    [
      'an object of 10,000 unknown fields',
      { query: CHANGE, variables: { i: Object.fromEntries(fields(10_000)) } },
      { limit: 'values in variables', allowed: 5_000, found: 10_001 },
    ],
    [
      '10,000 variables that nobody asks for',
      { query: '{ __typename }', variables: Object.fromEntries(fields(10_000)) },
      { limit: 'values in variables', allowed: 5_000, found: 10_000 },
    ],
    [
      'a list in a list in a list',
      { query: LISTED, variables: { b: JSON.parse('['.repeat(20) + ']'.repeat(20)) as unknown } },
      { limit: 'levels of variables', allowed: 8, found: 21 },
    ],
    [
      'a text of 500,000 characters',
      { query: LISTED, variables: { b: ['x'.repeat(500_000)] } },
      { limit: 'characters of a value in variables', allowed: 4_096, found: 500_000 },
    ],
    [
      'the name of a variable of 5,000 characters',
      { query: '{ __typename }', variables: { ['v'.repeat(5_000)]: 1 } },
      { limit: 'characters of a value in variables', allowed: 4_096, found: 5_000 },
    ],
  ])('%s', async (_name, request, details) => {
    const { query: document, ...rest } = request;
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    expect(response.status).toBe(400);
    const overHttp = (await response.json()) as Answer;
    for (const { errors } of [overHttp, await socket.run(document, rest)]) {
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', ...details });
    }
    await expectService();
  });

  it.each([
    ['unknown fields', `{ ${repeat(1_900, (n) => `statu${n}`)} }`],
    [
      'the same field in fragments',
      `{ ...A ...B } ${['A', 'B'].map((f) => `fragment ${f} on Query { ${'__typename '.repeat(940)} }`).join(' ')}`,
    ],
    [
      'wrong literals',
      `{ latestCycle { matrices(kinds: [${repeat(1_900, (n) => `QUANTI${n}`)}]) { kind } } }`,
    ],
  ])('of many errors in a document, a few are told: %s', async (_name, document) => {
    for (const { errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors?.length).toBeLessThanOrEqual(11);
      expect(errors?.at(-1)?.message).toMatch(/abort/);
    }
  });

  it('of many wrong values in variables, a few are told', async () => {
    const variables = { b: Array(4_000).fill(1) };
    for (const { errors } of [
      await query(app, LISTED, variables),
      await socket.run(LISTED, { variables }),
    ]) {
      expect(errors).toHaveLength(6);
      expect(errors?.at(-1)?.message).toMatch(/too many errors/i);
      for (const { extensions } of errors ?? [])
        expect(extensions?.['code']).toBe('BAD_USER_INPUT');
    }
  });

  it('a long word in a document is not sent back whole', async () => {
    const document = `{ ${'x'.repeat(40_000)} }`;
    for (const { errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors?.[0]?.message.length).toBeLessThan(1_100);
    }
  });

  it('an error that stands in thousands of places is told a hundred times, with how many there are', async () => {
    const document = `{ latestCycle { turn assets { ${repeat(20, (n) => `a${n}: price(in: "NOPE")`)} } } }`;
    for (const { data, errors } of [await query(app, document), await socket.run(document)]) {
      expect(errors).toHaveLength(101);
      expect(errors?.[0]).toMatchObject({ path: ['latestCycle', 'assets', 0, 'a0'] });
      expect(errors?.at(-1)).toMatchObject({
        message: 'errors of fields: 100 are told, not 6000',
        extensions: {
          code: 'LIMIT_EXCEEDED',
          limit: 'errors of fields',
          allowed: 100,
          found: 6000,
        },
      });
      expect(errors?.at(-1)).not.toHaveProperty('path');
      // What is right stands.
      expect(data).toMatchObject({ latestCycle: { turn: 1, assets: { length: 300 } } });
    }
  });

  const failing = (count: number): string =>
    `{ latestCycle { turn assets { ${repeat(count, (n) => `a${n}: price(in: "NOPE")`)} last: price(in: "BTC") } } }`;
  interface Priced {
    readonly latestCycle: { readonly turn: number; readonly assets: { readonly last: number }[] };
  }

  it('after ten thousand errors of a request no other field of it is worked out', async () => {
    for (const { data, errors } of [
      await query<Priced>(app, failing(40)),
      (await socket.run(failing(40))) as Answer<Priced>,
    ]) {
      const prices = data?.latestCycle.assets.map(({ last }) => last) ?? [];
      expect(prices).toHaveLength(300);
      expect(prices.slice(0, 3)).not.toContain(null);
      expect(errors).toHaveLength(101);
      expect(errors?.at(-1)).toMatchObject({ extensions: { limit: 'errors of fields' } });
      // Those that were not tried count with them.
      expect(errors?.at(-1)?.extensions?.['found']).toBeGreaterThan(40 * 300);
    }
  });

  it('the operations of a batch share the errors that they may have', async () => {
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.from({ length: 3 }, () => ({ query: failing(20) }))),
    });
    const answers = (await answer.json()) as Answer<Priced>[];
    const [first, ...others] = answers.map(({ errors }) => errors?.at(-1)?.extensions?.['found']);
    expect(first).toBe(20 * 300);
    // What was not tried counts with what failed.
    for (const found of others) expect(found).toBeGreaterThan(20 * 300);
  });

  it('of arguments that are null in many places a hundred are told, with how many there are', async () => {
    const document = `query ($b: String = "BTC") { latestCycle { turn ${repeat(30, (n) => `m${n}: matrices { cell(base: $b, quote: "BTC") { value } }`)} } }`;
    const variables = { b: null };
    for (const { errors } of [
      await query(app, document, variables),
      await socket.run(document, { variables }),
    ]) {
      expect(errors).toHaveLength(101);
      expect(errors?.at(-1)).toMatchObject({
        message: 'errors of fields: 100 are told, not 150',
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'errors of fields', found: 150 },
      });
    }
  });

  it('a subscription that runs alone may have an error in each of its cycles', async () => {
    const alone = await RawSocket.open(app);
    alone.subscribe(
      'subscription { cycleCompleted(after: 0) { turn wallet { value(in: "NOPE") } } }',
      'a',
      {
        extensions: { cost: true },
      },
    );
    expect(await alone.next()).toMatchObject({
      payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
    alone.close();
  });

  it('introspection itself is answered', async () => {
    expect((await query(app, getIntrospectionQuery())).errors).toBeUndefined();
  });
});

describe('what is sent is bounded', () => {
  const post = (body: string) =>
    fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });

  it('a batch of ten is answered, one of eleven is refused', async () => {
    const batch = (size: number) =>
      JSON.stringify(Array.from({ length: size }, () => ({ query: '{ __typename }' })));
    expect(await (await post(batch(10))).json()).toHaveLength(10);
    const refused = await post(batch(11));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'LIMIT_EXCEEDED', allowed: 10, found: 11 } }],
    });
  });

  it('a batch answers each of its operations, in order, whatever is wrong with others', async () => {
    const answer = await post(
      JSON.stringify([
        { query: '{ a: __typename }' },
        { query: '{ statu }' },
        { query: LISTED, variables: { b: [1] } },
        { query: '{ latestCycle { matrix(kind: ID_BENCHMARK) { values } } }' },
        { query: '{ b: __typename }' },
      ]),
    );
    const answers = (await answer.json()) as Answer[];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions?.['code'] ?? 'none')).toEqual([
      'none',
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_USER_INPUT',
      'none',
      'none',
    ]);
    expect(answers[0]?.data).toEqual({ a: 'Query' });
    expect(answers[4]?.data).toEqual({ b: 'Query' });
    const large = {
      query: `{ latestCycle { ${repeat(8, (n) => `m${n}: matrix(kind: ID_DELTA) { values }`)} } }`,
    };
    const together = (await (await post(JSON.stringify([large, large, large]))).json()) as Answer[];
    expect(together.map(({ errors }) => errors?.[0]?.extensions?.['found'])).toEqual([
      undefined,
      undefined,
      3 * (8 * 90_001 + 1),
    ]);
    const nested = await post(JSON.stringify([Array(20_000).fill({ query: '{ __typename }' })]));
    expect(nested.status).toBe(400);
    await expectService();
  });

  it('JSON that is nested without an end is not read', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const refused = await post(`{"query":"{__typename}","extensions":{"a":${deep}}}`);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/levels of JSON: 32 are allowed, not 400002/);
    const other = await RawSocket.open(app);
    other.send(`{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"a":${deep}}}}`);
    expect(await other.closeCode()).toBe(4400);
    // Brackets in a text are none.
    const text = JSON.stringify({ query: `{ __typename } # ${'["\\{'.repeat(50)}` });
    expect(await (await post(text)).json()).toEqual({ data: { __typename: 'Query' } });
    await expectService();
  });

  it('a body of over a megabyte is refused', async () => {
    const refused = await post(JSON.stringify({ query: `{ __typename } #${'x'.repeat(1 << 20)}` }));
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ status: 413 });
    await expectService();
  });

  it('a message of over a megabyte closes its socket', async () => {
    const other = await RawSocket.open(app);
    other.send(`{"type":"ping","payload":{"x":"${'x'.repeat(1 << 20)}"}}`);
    expect(await other.closeCode()).toBe(1009);
    await expectService();
  });

  it('a socket has at most a hundred operations at a time', async () => {
    const other = await RawSocket.open(app);
    for (let n = 0; n <= 100; n++) {
      const payload = { query: 'subscription { cycleCompleted { turn } }' };
      other.send({ type: 'subscribe', id: String(n), payload });
    }
    expect(await other.next()).toMatchObject({
      type: 'error',
      id: '100',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED', allowed: 100, found: 101 } }],
    });
    other.close();
  });
});

describe('what a client uses is bounded', () => {
  it('in operations a minute, over HTTP and WebSocket together', async () => {
    const strict = await start({ REQUESTS_PER_MINUTE: '5' });
    const other = await RawSocket.open(strict);
    for (let n = 0; n < 2; n++) {
      expect((await query(strict, '{ __typename }')).status).toBe(200);
      expect((await other.run('{ __typename }')).errors).toBeUndefined();
    }
    expect((await fetch(`${strict.url}/status`)).status).toBe(200);
    const details = { code: 'LIMIT_EXCEEDED', limit: 'operations a minute', allowed: 5 };
    const refused = await query(strict, '{ __typename }');
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions).toMatchObject(details);
    // Nothing of what it sends is looked at any more.
    for (const document of ['{ not parsed', `{ __typename } ${'#'.repeat(60_000)}`]) {
      const unread = await query(strict, document);
      expect(unread.status).toBe(429);
      expect(unread.errors?.[0]?.extensions).toMatchObject(details);
    }
    expect((await other.run('{ __typename }')).errors?.[0]?.extensions).toMatchObject(details);
    const overRest = await fetch(`${strict.url}/status`);
    expect(overRest.status).toBe(429);
    expect(Number(overRest.headers.get('retry-after'))).toBeGreaterThan(0);
    await strict.stop();
  });

  it('in sockets', async () => {
    const strict = await start({ CONNECTIONS_PER_CLIENT: '2' });
    const [first] = await Promise.all([RawSocket.open(strict), RawSocket.open(strict)]);
    const third = new WebSocket(
      `${strict.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    const [error] = (await once(third, 'error')) as [Error];
    expect(error.message).toMatch(/429/);
    first.close();
    await first.closeCode();
    await until(
      'the place of a socket that has closed',
      () => RawSocket.open(strict).catch(() => null),
      (opened) => opened !== null,
    );
    await strict.stop();
  });
});

describe('the cost', () => {
  it('is told on request, over HTTP and WebSocket', async () => {
    const document = '{ latestCycle { turn matrix(kind: QUANTID, bases: ["BTC"]) { values } } }';
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, extensions: { cost: true } }),
    });
    const cost = { requested: 303, allowed: 1_500_000 };
    expect(await response.json()).toMatchObject({ extensions: { cost } });
    expect(await socket.run(document, { extensions: { cost: true } })).toMatchObject({
      extensions: { cost },
    });
    expect(await socket.run(document)).not.toHaveProperty('extensions');
  });

  it('counts what is asked for: cycles by matrices by cells', async () => {
    const schema = await createSchema();
    const costOf = (text: string, variables: Record<string, unknown> = {}): number => {
      const document = parse(text);
      const operation = document.definitions[0] as OperationDefinitionNode;
      return countCosts({ schema, document, operation, variables, universeSize: 10 }).cost;
    };
    expect(costOf('{ status { version } }')).toBe(2);
    expect(costOf('{ latestCycle { matrix(kind: QUANTID) { values } } }')).toBe(102);
    expect(costOf('{ latestCycle { matrices { values } } }')).toBe(502);
    expect(costOf('{ latestCycle { matrices(kinds: [QUANTID]) { values } } }')).toBe(102);
    expect(costOf('{ latestCycle { assets { symbol quant } } }')).toBe(22);
    expect(costOf('{ cycles { nodes { turn } } }')).toBe(1 + 20 * 2);
    expect(costOf('{ cycles(last: 3) { nodes { matrix(kind: ID_PCT) { values } } } }')).toBe(
      1 + 3 * 102,
    );
    const byVariables =
      'query ($n: Int, $b: [String!]) { cycles(first: $n) { nodes { matrix(kind: ID_PCT, bases: $b) { values } } } }';
    expect(costOf(byVariables, { n: 7, b: ['BTC', 'ETH'] })).toBe(1 + 7 * 22);
    expect(
      costOf('{ latestCycle { ...F ...F } } fragment F on Cycle { matrices { values } }'),
    ).toBe(1 + 2 * 501);
  });
});
