import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchApp, type Answer, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';

const database = useDatabase();
let app: RunningApp;
let socket: RawSocket;

beforeAll(async () => {
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `transports_${process.pid}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '86400000',
    },
    { market },
  );
  await turnReached(app, 1);
  socket = await RawSocket.open(app);
});
afterAll(() => app.stop());

interface Request {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
}

async function overHttp(request: Request): Promise<Omit<Answer, 'status'>> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  return (await response.json()) as Omit<Answer, 'status'>;
}

async function expectSame(request: Request): Promise<Omit<Answer, 'status'>> {
  const { query: document, ...rest } = request;
  const [http, ws] = await Promise.all([overHttp(request), socket.run(document, rest)]);
  expect(ws).toEqual(http);
  for (const error of http.errors ?? []) expect(error.extensions?.['code']).toMatch(/^[A-Z_]+$/);
  return http;
}

const MATRIX =
  'query Q($k: MatrixKind! = QUANTID, $b: [String!], $d: Int) { latestCycle { matrix(kind: $k, bases: $b) { values(digits: $d) } } }';
const CHANGE =
  'mutation ($i: UpdateStrategyConfigInput!) { updateStrategyConfig(input: $i) { userErrors { message } } }';
const repeat = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');

it.each<[string, Request, string]>([
  ['an empty selection', { query: '{ }' }, 'GRAPHQL_PARSE_FAILED'],
  ['an open string', { query: '{ node(id: "a) { id } }' }, 'GRAPHQL_PARSE_FAILED'],
  ['too many tokens', { query: `{ ${'a '.repeat(3_000)} }` }, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', { query: '{ statu }' }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'many unknown fields',
    { query: `{ ${repeat(900, (n) => `x${n}`)} }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a conflict',
    { query: '{ a: status { version } a: latestCycle { id } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'the same field 1,900 times',
    { query: `{ ${'__typename '.repeat(1_900)} }` },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a wrong literal', { query: '{ cycle(turn: "1") { id } }' }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'too many aliases',
    { query: `{ ${repeat(101, (n) => `a${n}: status { version }`)} }` },
    'LIMIT_EXCEEDED',
  ],
  [
    'too much',
    {
      query: `{ ...F0 } ${repeat(40, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F40 on Query { __typename }`,
    },
    'LIMIT_EXCEEDED',
  ],
  [
    'no such operation',
    { query: 'query A { __typename } query B { __typename }', operationName: 'C' },
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'no operation named',
    { query: 'query A { __typename } query B { __typename }' },
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'no operation at all',
    { query: 'fragment F on Query { __typename }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a wrong variable', { query: MATRIX, variables: { b: 'BTC', d: 'x' } }, 'BAD_USER_INPUT'],
  [
    'a missing variable',
    { query: 'query ($t: Int!) { cycle(turn: $t) { id } }' },
    'BAD_USER_INPUT',
  ],
  ['a null variable', { query: MATRIX, variables: { k: null } }, 'BAD_USER_INPUT'],
  [
    'an unknown field of an input',
    { query: CHANGE, variables: { i: { tie: 1 } } },
    'BAD_USER_INPUT',
  ],
  [
    'many wrong values',
    { query: MATRIX, variables: { b: Array(4_000).fill(1) } },
    'BAD_USER_INPUT',
  ],
  ['too many values', { query: MATRIX, variables: { b: Array(60_000).fill(1) } }, 'LIMIT_EXCEEDED'],
  ['a wrong argument', { query: MATRIX, variables: { b: ['NOPE'] } }, 'BAD_USER_INPUT'],
  ['a wrong page', { query: '{ cycles(first: 1000) { nodes { id } } }' }, 'BAD_USER_INPUT'],
])(
  '%s: the same errors over HTTP and WebSocket, each with its code',
  async (_name, request, code) => {
    const { errors } = await expectSame(request);
    expect(errors?.[0]?.extensions?.['code']).toBe(code);
  },
);

const DOCUMENTS = [
  MATRIX,
  CHANGE,
  'query A { status { version warnings } } query B($n: Int) { cycles(first: $n) { nodes { ...F } } } fragment F on Cycle { turn assets { symbol price(in: "BTC") } }',
];
const token = fc.constantFrom(
  ...['{', '}', '(', ')', ':', '$b', '$x', '...', '@skip(if: true)', 'F', '!', '[', ']', '"', '1'],
  ...['status', 'latestCycle', 'turn', 'on', 'query', 'null', 'QUANTID', '{ id }', ''],
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, true, -1, 1.5, 1e300, 'BTC', 'NOPE', 'QUANTID', '', 'x'.repeat(5_000)),
  fc.array(fc.constantFrom('BTC', 'ETH', 'NOPE', null, 3), { maxLength: 8 }),
  fc.constant({ tier: 'STANDARD', quantBase: 7, other: [] }),
);
const wrong = fc.record({
  document: fc.constantFrom(...DOCUMENTS),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 2 }),
  insert: token,
  variables: fc.dictionary(fc.constantFrom('k', 'b', 'd', 'i', 'n'), value, { maxKeys: 3 }),
  operationName: fc.option(fc.constantFrom('A', 'B', 'Q', 'Z'), { nil: undefined }),
});

it('whatever is wrong with an operation, both tell the same of it, each error with a code', async () => {
  await fc.assert(
    fc.asyncProperty(wrong, async ({ document, at, remove, insert, variables, operationName }) => {
      const tokens = document.split(/\b/);
      tokens.splice(Math.floor(at * tokens.length), remove, ` ${insert} `);
      const text = tokens.join('');
      // What a mutation changes would differ the second time.
      fc.pre(!text.trim().startsWith('mutation') || variables['i'] === undefined || remove > 0);
      await expectSame({ query: text, variables, ...(operationName && { operationName }) });
    }),
    { numRuns: 400 },
  );
});
