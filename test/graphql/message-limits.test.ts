import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, query, type Answer, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { repeat, LISTED } from '../support/documents.js';

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
