import { beforeAll, describe, expect, it } from 'vitest';
import { getIntrospectionQuery } from 'graphql';
import { query, type Answer, type RunningApp } from '../support/app.js';
import { LimitedApp } from '../support/limited-app.js';
import type { RawSocket } from '../support/socket.js';
import { repeat, LISTED } from '../support/documents.js';

const limited = new LimitedApp();
let app: RunningApp;
let socket: RawSocket;
beforeAll(() => void ({ app, socket } = limited));

const fields = (count: number): [string, number][] =>
  Array.from({ length: count }, (_, n) => [`f${n}`, n]);
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
    [
      'for one cell each of matrices at many prices, which are worked out whole',
      `{ cycles(first: 6) { nodes { ...F } } } fragment F on Cycle { ${repeat(30, (n) => `m${n}: matrix(kind: ID_BENCHMARK, price: TAKE, feeBps: ${n}, bases: ["USDT"], quotes: ["BTC"]) { values }`)} }`,
      { limit: 'cost', allowed: 1_500_000, found: 6 * 30 * (9_000 + 2) + 7 },
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
    await limited.expectService();
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
    await limited.expectService();
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
    await limited.expectService();
  });

  it('introspection itself is answered', async () => {
    expect((await query(app, getIntrospectionQuery())).errors).toBeUndefined();
  });
});
