import { once } from 'node:events';
import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { query, startApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { RawSocket } from '../support/socket.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { runTurn, turnReached, untilNotFresh } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let app: RunningApp;
let market: ScriptedMarket;
let run = 0;

/** A server over a scripted market; the metronome runs turn 1, and tests ask for more. */
beforeEach(async () => {
  market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  app = await startApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `api_${process.pid}_${++run}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH,XRP',
      CYCLE_INTERVAL_MS: '86400000',
    },
    market,
  );
  await turnReached(app, 1);
});

/** Waits out the second in which the last turn counts as fresh, and runs turns. */
async function runTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await runTurn(app);
  }
}

describe('the API', () => {
  it('answers for a matrix, whole, in part and rounded to digits', async () => {
    const { data, errors } = await query<{ latestCycle: Record<string, { values: unknown }> }>(
      app,
      `{ latestCycle {
        whole: matrix(kind: ID_BENCHMARK) { values }
        part: matrix(kind: ID_PERCENT, bases: ["ETH", "BTC"], quotes: ["USDT"]) {
          kind unit bases quotes scale values(digits: 3)
        }
        quantid: matrix(kind: QUANTID) { scale }
      } }`,
    );
    expect(errors).toBeUndefined();
    const frame = frameAt(0, 1);
    const [btc, , eth] = frame.tickers.map(({ last }) => last) as [number, number, number];
    expect(data?.latestCycle['whole']?.values).toEqual([
      [1, 1 / btc, 1 / eth, null],
      [btc, 1, 1 / (0.05 + 1e-5), null],
      [eth, 0.05 + 1e-5, 1, null],
      [null, null, null, 1],
    ]);
    expect(data?.latestCycle['part']).toEqual({
      kind: 'ID_PERCENT',
      unit: 'PERCENT',
      bases: ['ETH', 'BTC'],
      quotes: ['USDT'],
      scale: null,
      values: [[-0.359], [1.68]],
    });
    expect(data?.latestCycle['quantid']).toMatchObject({ scale: expect.any(Number) as number });
  });

  it('tells where a cell comes from', async () => {
    const { data } = await query(
      app,
      `{ latestCycle { matrix(kind: ID_BENCHMARK) {
        direct: cell(base: "BTC", quote: "USDT") { base quote value source path ageMs stale }
        inverse: cell(base: "USDT", quote: "BTC") { source path ageMs }
        identity: cell(base: "XRP", quote: "XRP") { value source path ageMs stale }
        none: cell(base: "XRP", quote: "BTC") { value source path ageMs stale }
        ages
        legs
      } staleAfterMs } }`,
    );
    expect(data).toEqual({
      latestCycle: {
        staleAfterMs: 60_000,
        matrix: {
          ages: [
            [0, 1500, 1500, null],
            [1500, 0, 1500, null],
            [1500, 1500, 0, null],
            [null, null, null, 0],
          ],
          legs: [
            [0, 1, 1, null],
            [1, 0, 1, null],
            [1, 1, 0, null],
            [null, null, null, 0],
          ],
          direct: {
            base: 'BTC',
            quote: 'USDT',
            value: 61010,
            source: 'DIRECT',
            path: ['BTCUSDT'],
            ageMs: 1500,
            stale: false,
          },
          inverse: { source: 'INVERSE', path: ['BTCUSDT'], ageMs: 1500 },
          identity: { value: 1, source: 'IDENTITY', path: [], ageMs: 0, stale: false },
          none: { value: null, source: null, path: [], ageMs: null, stale: null },
        },
      },
    });
  });

  it('gives assets, wallet, aux, config and consistency of a cycle', async () => {
    const { data, errors } = await query<{ latestCycle: Record<string, unknown> }>(
      app,
      `{ latestCycle {
        id turn previousTurn msSincePreviousTurn exchange symbols startedAt observedAt completedAt
        assets { symbol strength quant balance price inBtc: price(in: "BTC") }
        wallet { source value inBtc: value(in: "BTC") unpriced balances { asset free locked total value } }
        aux { turn leadQuant leadSince luggage imprint grt }
        config { version tier mode quantBase expectedImprint }
        consistency { medianBps maxBps worst }
        matrices { kind }
      } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.latestCycle).toMatchObject({
      turn: 1,
      previousTurn: null,
      msSincePreviousTurn: null,
      exchange: 'SIMULATED',
      symbols: ['USDT', 'BTC', 'ETH', 'XRP'],
      observedAt: '2023-11-14T22:14:20.000Z',
      wallet: {
        source: 'PAPER',
        value: 100.5,
        inBtc: 100.5 * (1 / 61010),
        unpriced: [],
        balances: [{ asset: 'USDT', free: '100.50', locked: '0', total: '100.50', value: 100.5 }],
      },
      aux: { turn: 1, leadSince: 1, luggage: 1, imprint: 1, grt: null },
      config: {
        version: 1,
        tier: 'STANDARD',
        mode: 'NEUTRAL',
        quantBase: 'USDT',
        expectedImprint: 1,
      },
      consistency: { worst: ['BTCUSDT', 'ETHBTC', 'ETHUSDT'] },
    });
    expect(data?.latestCycle['assets']).toContainEqual({
      symbol: 'XRP',
      strength: null,
      quant: null,
      balance: null,
      price: null,
      inBtc: null,
    });
    expect(data?.latestCycle['matrices']).toHaveLength(5);
  });

  it('takes ID_PCT against the turn before, null at a first turn', async () => {
    await runTurns(1);
    const { data } = await query<{
      first: { matrix: { values: unknown } };
      second: { previousTurn: number; msSincePreviousTurn: number; matrix: { values: number[][] } };
    }>(
      app,
      `{
        first: cycle(turn: 1) { matrix(kind: ID_PCT) { values } }
        second: cycle(turn: 2) { previousTurn msSincePreviousTurn matrix(kind: ID_PCT) { values } }
        none: cycle(turn: 77) { turn }
      }`,
    );
    expect(data?.first.matrix.values).toEqual(Array(4).fill(Array(4).fill(null)));
    const change = 100 * (61020 / 60000 - 1) - 100 * (61010 / 60000 - 1);
    expect(data?.second).toMatchObject({ previousTurn: 1, msSincePreviousTurn: 60_000 });
    expect(data?.second.matrix.values[1]?.[0]).toBe(change);
    expect(data?.second.matrix.values[3]).toEqual([null, null, null, 0]);
    expect(data).toMatchObject({ none: null });
  });

  it.each([
    ['in', '{ latestCycle { wallet { value(in: "DOGE") } } status { version } }'],
    [
      'bases',
      '{ latestCycle { matrix(kind: QUANTID, bases: ["NOPE"]) { kind } } status { version } }',
    ],
    [
      'quotes',
      '{ latestCycle { matrix(kind: QUANTID, quotes: ["BTC", "BTC"]) { kind } } status { version } }',
    ],
    [
      'base',
      '{ latestCycle { matrix(kind: QUANTID) { cell(base: "x", quote: "BTC") { value } } } status { version } }',
    ],
    [
      'digits',
      '{ latestCycle { matrix(kind: QUANTID) { values(digits: 18) } } status { version } }',
    ],
    [
      'kinds',
      '{ latestCycle { matrices(kinds: [QUANTID, QUANTID]) { kind } } status { version } }',
    ],
    [
      'first',
      '{ cycles(first: 1000) { edges { cursor } pageInfo { hasNextPage } } status { version } }',
    ],
    [
      'first',
      '{ cycles(first: 0) { pageInfo { hasNextPage } nodes { turn } } status { version } }',
    ],
    ['last', '{ cycles(first: 1, last: 1) { nodes { turn } } status { version } }'],
    ['after', '{ cycles(after: "dHVybjo5OQ") { nodes { turn } } status { version } }'],
    ['before', '{ cycles(before: "junk") { nodes { turn } } status { version } }'],
  ])(
    'names the argument %s when it is wrong, and the rest of the answer stands',
    async (argument, document) => {
      const { data, errors } = await query(app, document);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
      expect(data).toMatchObject({ status: { version: expect.any(String) as string } });
    },
  );

  it('reports a wrong argument even where nothing but pageInfo is asked for', async () => {
    const { errors } = await query(app, '{ cycles(first: 1000) { pageInfo { hasNextPage } } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'first' });
  });

  it('pages through cycles in both directions, newest first', async () => {
    await runTurns(4);
    interface Page {
      nodes: { turn: number }[];
      pageInfo: Record<'hasNextPage' | 'hasPreviousPage', boolean> &
        Record<'startCursor' | 'endCursor', string>;
    }
    const page = async (args: string): Promise<Page> => {
      const { data } = await query<{ cycles: Page }>(
        app,
        `{ cycles${args} { nodes { turn } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      );
      return data?.cycles as Page;
    };
    const turns = ({ nodes }: Page) => nodes.map(({ turn }) => turn);
    const all = await page('');
    expect(turns(all)).toEqual([5, 4, 3, 2, 1]);
    expect(all.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const one = await page('(first: 2)');
    expect(turns(one)).toEqual([5, 4]);
    expect(one.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const two = await page(`(first: 2, after: "${one.pageInfo.endCursor}")`);
    expect(turns(two)).toEqual([3, 2]);
    expect(two.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const back = await page(`(last: 2, before: "${two.pageInfo.startCursor}")`);
    expect(turns(back)).toEqual([5, 4]);
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const oldest = await page('(last: 1)');
    expect(turns(oldest)).toEqual([1]);
    const window = await page('(from: "2023-11-14T22:15:20Z", to: "2023-11-14T22:17:20Z")');
    expect(turns(window)).toEqual([3, 2]);
  });

  it('finds a cycle again by its id', async () => {
    const { data } = await query<{ latestCycle: { id: string } }>(app, '{ latestCycle { id } }');
    const again = await query(
      app,
      'query ($id: ID!) { node(id: $id) { id ... on Cycle { turn } } }',
      {
        id: data?.latestCycle.id,
      },
    );
    expect(again.data).toEqual({ node: { id: data?.latestCycle.id, turn: 1 } });
    expect((await query(app, '{ node(id: "Q3ljbGU6OTk") { id } }')).data).toEqual({ node: null });
    expect((await query(app, '{ node(id: "%%%") { id } }')).data).toEqual({ node: null });
  });

  it('says what the exchange said when a cycle cannot be run, and reports it in status', async () => {
    const retryInMs = 48 * 3_600_000;
    const asked = Date.now();
    market.answerWith(() => refused('EXCHANGE_BANNED', 'banned for two days', retryInMs));
    const { errors } = await until(
      'the exchange to be asked again',
      () => query(app, 'mutation { runCycle { ran } }'),
      (answer) => answer.errors !== undefined,
    );
    expect(errors?.[0]).toMatchObject({
      message: 'banned for two days',
      extensions: {
        code: 'EXCHANGE_UNAVAILABLE',
        reason: 'EXCHANGE_BANNED',
        retryAt: expect.any(String) as string,
      },
    });
    const retryAt = Date.parse(String(errors?.[0]?.extensions?.['retryAt']));
    expect(retryAt).toBeGreaterThanOrEqual(asked + retryInMs);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + retryInMs);
    const { data } = await query<{ status: { nextCycleAt: string } }>(
      app,
      '{ status { lastFailure { code message } lastSkipped { code } latestTurn nextCycleAt database { kind reachable } } }',
    );
    expect(data).toEqual({
      status: {
        lastFailure: { code: 'EXCHANGE_BANNED', message: 'banned for two days' },
        lastSkipped: null,
        latestTurn: 1,
        nextCycleAt: expect.any(String) as string,
        database: { kind: 'EXTERNAL', reachable: true },
      },
    });
    // Reckoned anew from the monotonic clock.
    expect(Math.abs(Date.parse(data?.status.nextCycleAt ?? '') - retryAt)).toBeLessThan(1_000);
  });

  it('runs one turn for many callers at the same instant', async () => {
    await runTurn(app);
    const before = market.observations;
    await untilNotFresh(app);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        query<{ runCycle: { cycle: { turn: number } } }>(
          app,
          'mutation { runCycle { ran cycle { turn } } }',
        ),
      ),
    );
    expect(new Set(answers.map(({ data }) => data?.runCycle.cycle.turn)).size).toBe(1);
    expect(market.observations).toBe(before + 1);
  });

  it('says where subscriptions are served to whoever sends one over HTTP', async () => {
    const { status, errors } = await query(app, 'subscription { cycleCompleted { turn } }');
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('WebSocket') as string,
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('pushes each cycle to a subscriber over the same address', async () => {
    const client = createClient({
      url: app.url.replace('http', 'ws') + '/graphql',
      webSocketImpl: WebSocket,
    });
    interface Pushed {
      readonly cycleCompleted: { readonly turn: number; readonly matrix: { values: number[][] } };
    }
    const cycles = client.iterate<Pushed>({
      query: 'subscription { cycleCompleted { turn matrix(kind: ID_PCT) { values } } }',
    });
    const first = cycles.next();
    // The subscription is there once a later operation on the same socket has answered.
    for await (const result of client.iterate({ query: '{ status { version } }' })) {
      expect(result.errors).toBeUndefined();
    }
    await runTurns(2);
    const received = [await first, await cycles.next()].map(
      ({ value }) => (value as FormattedExecutionResult<Pushed>).data?.cycleCompleted,
    );
    expect(received.map((cycle) => cycle?.turn)).toEqual([2, 3]);
    const { data } = await query<{ cycle: { matrix: { values: unknown } } }>(
      app,
      '{ cycle(turn: 3) { matrix(kind: ID_PCT) { values } } }',
    );
    expect(received[1]?.matrix.values).toEqual(data?.cycle.matrix.values);
    await cycles.return?.();
    await client.dispose();
  });

  it('sends a client that comes back every cycle after the last one it has, then goes on live', async () => {
    await runTurns(3);
    const socket = await RawSocket.open(app);
    const subscription = 'subscription { cycleCompleted(after: 1) { turn } }';
    socket.send({ type: 'subscribe', id: '1', payload: { query: subscription } });
    const turns: unknown[] = [];
    const receive = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) {
        turns.push((await socket.next())['payload']);
      }
    };
    await receive(3);
    await runTurns(2);
    await receive(2);
    expect(turns).toEqual([2, 3, 4, 5, 6].map((turn) => ({ data: { cycleCompleted: { turn } } })));
    socket.close();
  });

  it('refuses to go on after a turn that is not there yet, or from what is gone', async () => {
    await runTurns(1);
    const socket = await RawSocket.open(app);
    const after = (turn: number) =>
      socket.run(`subscription { cycleCompleted(after: ${turn}) { turn } }`);
    for (const turn of [-1, 3]) {
      expect((await after(turn)).errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: 'after' } },
      ]);
    }
    await query(app, 'mutation { purgeCycles(confirm: true) { deleted } }');
    const gone = { code: 'HISTORY_GONE', oldestTurn: null };
    expect((await after(0)).errors).toMatchObject([{ extensions: gone }]);
    await runTurns(1);
    expect((await after(1)).errors).toMatchObject([{ extensions: { ...gone, oldestTurn: 3 } }]);
    expect((await after(2)).data).toEqual({ cycleCompleted: { turn: 3 } });
    socket.close();
  });

  it('closes its sockets when it stops, and its subscriptions end', async () => {
    const socket = new WebSocket(
      app.url.replace('http', 'ws') + '/graphql',
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await app.stop();
    expect((await closed)[0]).toBe(1001);
  });

  it('answers nothing to a foreign page, over HTTP or WebSocket', async () => {
    const origin = 'http://evil.example';
    const response = await fetch(`${app.url}/graphql?query={status{version}}`, {
      headers: { origin },
    });
    expect(response.status).toBe(403);
    const socket = new WebSocket(
      app.url.replace('http', 'ws') + '/graphql',
      'graphql-transport-ws',
      { origin },
    );
    const [, answer] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    expect(answer.statusCode).toBe(403);
  });

  it('refuses what is no GraphQL with a clear error', async () => {
    const post = (body: string) =>
      fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
    expect((await post('{"query": ')).status).toBe(400);
    expect((await post('{"query": "{ nope }"}')).status).toBe(400);
    expect((await post(JSON.stringify({ query: `{ ${'a '.repeat(6_000)} }` }))).status).toBe(400);
    expect((await post(JSON.stringify({ query: ' '.repeat(2_000_000) }))).status).toBe(413);
    const simple = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      body: '{"query":"{status{version}}"}',
    });
    expect(simple.status).toBeGreaterThanOrEqual(400);
  });
});

describe('health', () => {
  it('is JSON for programs and a page for browsers', async () => {
    expect(await (await fetch(`${app.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(app.url)).json()).toMatchObject({ status: 'ok', latestTurn: 1 });
    const browser = await fetch(app.url, { headers: { accept: 'text/html' } });
    expect(browser.headers.get('content-type')).toMatch('text/html');
  });
});
