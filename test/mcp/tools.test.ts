import { describe, expect, it } from 'vitest';
import { ToolPlace } from '../support/tool-place.js';

const place = new ToolPlace();

const turnSix = {
  ...{ turn: 6, observedAt: '2023-11-14T22:13:26.000Z', secondsAgo: 4, exchange: 'SIMULATED' },
};

describe('tools for language models', () => {
  it('are eight that change nothing, with units and limits in their schemas', async () => {
    const { client } = await place.connected();
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
    const { call } = await place.connected();
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
    const { call } = await place.connected();
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
    const { call } = await place.connected();
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
    const { call } = await place.connected();
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
    const { call } = await place.connected();
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
    const { call } = await place.connected();
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
    const { call } = await place.connected();
    const line = { kind: 'CELL', base: 'BTC', quote: 'USDT' };
    const { data, text } = await call('test_alert', { line, condition: { above: 61_035 } });
    const firing = { turn: 4, observedAt: '2023-11-14T22:13:24.000Z', value: 61_040 };
    expect(data).toEqual({ total: 1, firings: [firing] });
    expect(text).toMatch(
      /^It would have fired once from now-1d to now\. The newest: 61040 at turn 4/,
    );
  });

  it('get_status tells how the engine stands', async () => {
    const { call } = await place.connected();
    const { data, text } = await call('get_status');
    expect(data).toMatchObject({
      ...{ exchange: 'SIMULATED', trouble: null, oldestTurn: 1, latestTurn: 6 },
      ...{ database: 'EXTERNAL, answers', intervalSeconds: 86_400 },
    });
    expect(text).toMatch(/^Exchange SIMULATED, database EXTERNAL, answers\. Turns 1 to 6, /);
  });
});
