import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askOverHttp } from '../../src/mcp/over-http.js';
import type { Ask } from '../../src/mcp/ask.js';
import { createToolServer } from '../../src/mcp/server.js';
import { launchApp, type RunningApp } from '../support/app.js';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { turnReached } from '../support/turns.js';

const SECOND = 1_000;
const database = useDatabase();
let app: RunningApp;

/** Turns 1 to 5, the second with prices that are too old, and a sixth that the server runs itself. */
beforeAll(async () => {
  const name = `mcp_${process.pid}`;
  const { cycles } = await database.open(`${name}_simulated`);
  await cycles.saveAll(chain(5).map((one) => (one.turn === 2 ? { ...one, staleAfterMs: 1 } : one)));
  const market = new ScriptedMarket(() => observed(frameAt(START + 6 * SECOND, 6)));
  app = await launchApp(
    {
      ...{ MONGO_URI: database.engine.uri, DATABASE_NAME: name, DATA_DIR: database.dataDir },
      ...{ ASSETS: 'USDT,BTC,ETH,XRP', CYCLE_INTERVAL_MS: '86400000' },
    },
    { market },
  );
  await turnReached(app, 6);
});
afterAll(() => app.stop());

interface Answered {
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
}

/** A client of the tools, as a model's host has one. */
async function connected(ask: Ask = askOverHttp(app.url, null)) {
  const faults: unknown[] = [];
  const now = () => START + 10 * SECOND;
  const server = createToolServer({ ask, now, onFault: (fault) => faults.push(fault) }, '1.2.3');
  const client = new Client({ name: 'test', version: '1' });
  const [one, other] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(one), client.connect(other)]);
  onTestFinished(() => client.close());
  const call = async (name: string, args: Record<string, unknown> = {}): Promise<Answered> => {
    const answer = await client.callTool({ name, arguments: args });
    const [first] = answer.content as { text: string }[];
    const data = (answer.structuredContent ?? {}) as Answered['data'];
    return { text: first?.text ?? '', data, isError: answer.isError === true };
  };
  return { client, call, faults };
}

const turnSix = {
  ...{ turn: 6, observedAt: '2023-11-14T22:13:26.000Z', secondsAgo: 4, exchange: 'SIMULATED' },
};

describe('tools for language models', () => {
  it('are eight that change nothing, with units and limits in their schemas', async () => {
    const { client } = await connected();
    expect(client.getServerVersion()).toMatchObject({ name: 'dynamics', version: '1.2.3' });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      ...['get_rate', 'convert_amount', 'get_matrix', 'get_series', 'get_wallet', 'get_strategy'],
      ...['test_alert', 'get_status'],
    ]);
    for (const { annotations, description, inputSchema, outputSchema } of tools) {
      expect(annotations?.readOnlyHint).toBe(true);
      expect(description).toMatch(/\w+/);
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object' });
    }
    const { inputSchema } = tools.find(({ name }) => name === 'get_series') ?? {};
    expect(inputSchema?.properties).toMatchObject({
      cells: { maxItems: 5 },
      maxPoints: { maximum: 500, default: 100 },
    });
  });

  it('get_rate answers the rate with its turn, moment, path and age', async () => {
    const { call } = await connected();
    const { text, data } = await call('get_rate', { base: 'USDT', quote: 'BTC' });
    expect(data).toEqual({
      ...{ at: turnSix, base: 'USDT', quote: 'BTC', rate: 1 / 61_060, source: 'INVERSE' },
      ...{ path: ['BTCUSDT'], ageSeconds: 1.5, stale: false },
      changePercent: expect.closeTo(100 * (60_000 / 61_060 - 1), 9) as number,
    });
    expect(text).toMatch(/^1 USDT = 0\.0000163\d+ BTC|^1 USDT = 1\.63\d+e-5 BTC/);
    expect(text).toMatch(/along BTCUSDT, -1\.736 % in 24 h; its oldest price is 1\.5 s old\./);
    expect(text).toMatch(
      / Turn 6, observed 2023-11-14T22:13:26.000Z, 4 s ago\. Prices are simulated, not real\.$/,
    );
  });

  it('say where a price is too old, and where there is none', async () => {
    const { call } = await connected();
    const old = await call('get_rate', { base: 'BTC', quote: 'USDT', turn: 2 });
    expect(old.data).toMatchObject({ at: { turn: 2, secondsAgo: 8 }, rate: 61_020, stale: true });
    expect(old.text).toMatch(/1\.5 s old, which is STALE\. Turn 2,/);
    expect((await call('get_matrix', { turn: 2, bases: ['BTC'] })).data).toMatchObject({
      ...{ staleCells: 2, oldestPriceSeconds: 1.5 },
    });
    const none = await call('get_rate', { base: 'XRP', quote: 'USDT' });
    expect(none.data).toMatchObject({ rate: null, path: [], stale: null });
    expect(none.text).toMatch(/^There is no rate of XRP in USDT \(LAST\): no path\./);
  });

  it('convert_amount is exact', async () => {
    const { call } = await connected();
    const args = { amount: '0.123456789', from: 'BTC', to: 'USDT', price: 'LAST' };
    const { data, text } = await call('convert_amount', args);
    expect(data).toEqual({
      ...{ at: turnSix, amount: '7538.27153634', rate: 61_060 },
      ...{ path: ['BTCUSDT'], reason: null },
    });
    expect(text).toMatch(/^0\.123456789 BTC = 7538\.27153634 USDT \(LAST/);
    const none = await call('convert_amount', { amount: '1', from: 'XRP', to: 'USDT' });
    expect(none.data).toMatchObject({ amount: null, reason: 'NO_PATH' });
  });

  it('get_matrix answers a part of a matrix, also against an earlier turn of our own', async () => {
    const { call } = await connected();
    const args = { bases: ['BTC', 'XRP'], quotes: ['USDT', 'BTC'] };
    const { data, text } = await call('get_matrix', args);
    expect(data).toMatchObject({
      ...{ at: turnSix, kind: 'ID_BENCHMARK', unit: 'QUOTE_PER_BASE', ...args },
      ...{
        values: [
          [61_060, 1],
          [null, null],
        ],
        legs: [
          [1, 0],
          [null, null],
        ],
        staleCells: 0,
      },
    });
    expect(text).toMatch(/^\tUSDT\tBTC\nBTC\t61060\t1\nXRP\t-\t-\n/);
    const over = await call('get_matrix', { ...args, kind: 'ID_PERCENT', over: '2s', digits: 3 });
    expect(over.data).toMatchObject({
      ...{
        against: 4,
        values: [
          [Number(((100 * 20) / 61_040).toPrecision(3)), 0],
          [null, null],
        ],
      },
    });
  });

  it('get_series answers columns with the turns, the paths and the stale turns in them', async () => {
    const { call } = await connected();
    const cells = [{ base: 'BTC', quote: 'USDT' }];
    const { data, text } = await call('get_series', { cells, from: 'start', every: '2s' });
    expect(data).toMatchObject({
      ...{ every: '2s', firstTurn: 1, lastTurn: 6, lastIsFinal: false },
      starts: ['20', '22', '24', '26'].map((at) => `2023-11-14T22:13:${at}.000Z`),
      lines: [
        {
          ...{ base: 'BTC', quote: 'USDT', unit: 'QUOTE_PER_BASE', staleTurns: 1, pathCount: 1 },
          values: [61_010, 61_030, 61_050, 61_060],
          paths: [{ fromTurn: 1, toTurn: 6, source: 'DIRECT', path: ['BTCUSDT'] }],
        },
      ],
    });
    expect(text).toMatch(/^BTC\/USDT: 61010 to 61060 .* at last along BTCUSDT, 1 stale turns\./);
    const nothing = await call('get_series', { cells, from: 'now-9d', to: 'now-8d' });
    expect(nothing.text).toMatch(/^No turn is stored from now-9d to now-8d\.$/);
  });

  it('get_wallet and get_strategy answer what is held and what leads', async () => {
    const { call } = await connected();
    const wallet = await call('get_wallet', { in: 'BTC' });
    expect(wallet.data).toMatchObject({
      ...{ at: turnSix, source: 'PAPER', in: 'BTC', value: 100.5 / 61_060, unpriced: [] },
      balances: [{ asset: 'USDT', free: '100.50', locked: '0', total: '100.50' }],
    });
    const strategy = await call('get_strategy', { turn: 3 });
    expect(strategy.data).toMatchObject({
      ...{ at: { turn: 3 }, leadSince: expect.any(Number) as number },
      settings: { tier: 'STANDARD', quantBase: 'USDT' },
    });
    expect(strategy.text).toMatch(/^\w+ leads since turn \d, imprint [\d.]+ of 1 expected\./);
  });

  it('test_alert tells when a rule would have fired', async () => {
    const { call } = await connected();
    const line = { kind: 'CELL', base: 'BTC', quote: 'USDT' };
    const { data, text } = await call('test_alert', { line, condition: { above: 61_035 } });
    const firing = { turn: 4, observedAt: '2023-11-14T22:13:24.000Z', value: 61_040 };
    expect(data).toEqual({ total: 1, firings: [firing] });
    expect(text).toMatch(
      /^It would have fired once from now-1d to now\. The newest: 61040 at turn 4/,
    );
  });

  it('get_status tells how the engine stands', async () => {
    const { call } = await connected();
    const { data, text } = await call('get_status');
    expect(data).toMatchObject({
      ...{ exchange: 'SIMULATED', trouble: null, oldestTurn: 1, latestTurn: 6 },
      ...{ database: 'EXTERNAL, answers', intervalSeconds: 86_400 },
    });
    expect(text).toMatch(/^Exchange SIMULATED, database EXTERNAL, answers\. Turns 1 to 6, /);
  });
});

describe('what cannot be answered is said in words', () => {
  it.each([
    ['get_rate', { base: 'BTC', quote: 'NOPE' }, /"NOPE" is not in the universe$/],
    ['get_rate', { base: 'BTC', quote: 'USDT', turn: 99 }, /^turn 99 is not stored$/],
    ['get_rate', { base: 'BTC', qoute: 'USDT' }, /Unrecognized key: "qoute"/],
    ['get_series', { cells: [{ base: 'BTC', quote: 'ETH' }], from: 'soon' }, /^from: is no moment/],
    ['convert_amount', { amount: '-1', from: 'BTC', to: 'ETH' }, /a decimal without sign/],
    ['test_alert', { line: { kind: 'CELL', base: 'BTC' }, condition: { above: 1 } }, /quote/],
    ['get_nothing', {}, /Tool get_nothing not found/],
  ])('%s %j', async (name, args, words) => {
    const { call, faults } = await connected();
    const { text, isError } = await call(name, args);
    expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
    expect(text).not.toMatch(/\n +at /);
    expect(faults).toEqual([]);
  });

  it('a matrix of too many assets names them, and reads no cell', async () => {
    const symbols = Array.from({ length: 21 }, (_, n) => `A${n}`);
    const head = { turn: 1, observedAt: '2023-11-14T22:13:26.000Z', exchange: 'BINANCE' };
    let asked = 0;
    const ask = (() => {
      asked++;
      return Promise.resolve({ latestCycle: { ...head, staleAfterMs: 1, symbols } });
    }) as unknown as Ask;
    const { call } = await connected(ask);
    expect(await call('get_matrix')).toMatchObject({
      isError: true,
      text: expect.stringMatching(
        /^the universe has 21 assets: name up to 20 .* A0, A1,/,
      ) as string,
    });
    expect(asked).toBe(1);
  });

  it('what nobody expected goes to the log, and not to the model', async () => {
    const fault = new TypeError('secret.example is undefined');
    const { call, faults } = await connected(() => Promise.reject(fault));
    const { text, isError } = await call('get_status');
    expect([isError, faults]).toEqual([true, [fault]]);
    expect(text).not.toMatch(/secret/);
  });

  it('a server that is gone amid an answer', async () => {
    const other = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"data":', () => response.destroy());
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { call, faults } = await connected(askOverHttp(base, null));
    expect(await call('get_status')).toMatchObject({
      isError: true,
      text: expect.stringContaining(`${base}/graphql cannot be reached: `) as string,
    });
    expect(faults).toEqual([]);
  });

  it.each([
    [
      'a server that wants a token',
      401,
      '{"errors":[]}',
      /wants an access token: set DYNAMICS_TOKEN/,
    ],
    ['another server', 200, '<html>', /is no such server: it answered with HTTP 200$/],
    ['a proxy without a server', 502, '{"message":"no"}', /answered with HTTP 502$/],
  ])('%s', async (_name, status, body, words) => {
    const other = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { call } = await connected(askOverHttp(base, null));
    expect((await call('get_status')).text).toMatch(words);
    await new Promise((resolve) => other.close(resolve));
    expect((await call('get_status')).text).toBe(
      `${base}/graphql cannot be reached: no server runs there`,
    );
  });
});
