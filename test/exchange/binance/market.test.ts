import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../../src/exchange/served/faults.js';
import { SimulatedMarket, simulatedFeed } from '../../../src/exchange/simulated/market.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  NOON,
  observationOf,
  observe,
  startExchange,
} from '../../support/exchange.js';
import { EXCHANGE_KEYS } from '../../support/secrets.js';

const TICKERS = '/api/v3/ticker/24hr';
const ACCOUNT = '/api/v3/account';
const BALANCES = [
  { asset: 'BTC', free: '0.10000000', locked: '0.02000000' },
  { asset: 'ETH', free: '0.00000000', locked: '0.00000000' },
];

const paths = (requests: readonly { path: string }[]) => requests.map(({ path }) => path);

/** Only what hangs is to run into the deadline, however busy the machine is. */
const timeoutFor = ({ kind }: Fault): number => (kind === 'HANG' ? 2_000 : 60_000);

describe('an observation', () => {
  it('has a ticker of each listed pair of the universe, by the exchange’s clock', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange({ now: () => clock.now() + 1_234 });
    const { frame, holdings } = await observationOf(marketOf(exchange, { clock }));
    expect(frame.tickers).toHaveLength(28);
    expect(frame.observedAt).toBe(NOON + 1_234);
    expect(frame.tickers.find(({ symbol }) => symbol === 'ETHBTC')).toMatchObject({
      base: 'ETH',
      quote: 'BTC',
    });
    expect(holdings).toEqual({
      source: 'PAPER',
      balances: [{ asset: 'USDT', free: '100', locked: '0' }],
    });
  });

  it('asks in chunks of twenty, which are cheaper, and lists once', async () => {
    const exchange = await startExchange();
    const market = marketOf(exchange);
    await observationOf(market);
    await observationOf(market);
    const asked = exchange.requests.map(({ path, query }) => {
      const symbols = new URLSearchParams(query).get('symbols');
      return symbols === null ? path : (JSON.parse(symbols) as string[]).length;
    });
    expect(asked).toEqual(['/api/v3/time', '/api/v3/exchangeInfo', 20, 8, 20, 8]);
    expect(market.status()).toMatchObject({ usedWeight: 29, weightPerTurn: 4 });
  });

  it('keeps its connections', async () => {
    const exchange = await startExchange();
    const market = marketOf(exchange);
    for (let turn = 0; turn < 5; turn++) await observationOf(market);
    const connections = new Set(exchange.requests.map(({ clientPort }) => clientPort));
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  it('lists again after an hour, and goes on with the old list where that fails', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    exchange.faults.add(
      { kind: 'STATUS', status: 502, body: 'HTML' },
      { path: '/api/v3/exchangeInfo' },
    );
    clock.advance(3_600_000);
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    await vi.waitFor(() => {
      expect(market.status().warnings.join()).toMatch(/could not be refreshed: HTTP 502/);
    });
    exchange.faults.clear();
    clock.advance(60_000);
    await observationOf(market);
    await vi.waitFor(() => expect(market.status().warnings).toEqual([]));
  });

  it('does not wait while the list of pairs is read again', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock, callTimeoutMs: 60_000 });
    await observationOf(market);
    exchange.faults.add({ kind: 'HANG' }, { path: '/api/v3/exchangeInfo' });
    clock.advance(3_600_000);
    for (let turn = 0; turn < 3; turn++) {
      expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    }
    expect(paths(exchange.requests).filter((path) => path.endsWith('Info'))).toHaveLength(2);
  });

  it('goes on by our own clock where the exchange does not tell its time, and says so', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange({ now: () => clock.now() + 1_234 });
    exchange.faults.add({ kind: 'STATUS', status: 404, body: 'HTML' }, { path: '/api/v3/time' });
    const market = marketOf(exchange, { clock });
    expect((await observationOf(market)).frame.observedAt).toBe(NOON);
    expect(market.status()).toMatchObject({
      clockOffsetMs: null,
      warnings: [expect.stringMatching(/does not tell its time: HTTP 404/) as string],
    });
    exchange.faults.clear();
    clock.advance(60_000);
    expect((await observationOf(market)).frame.observedAt).toBe(NOON + 60_000 + 1_234);
    expect(market.status().warnings).toEqual([]);
  });

  it('leaves out a name that the exchange does not know, and finds the others', async () => {
    const clock = new ManualClock();
    const listings = new SimulatedMarket(7).listings();
    const unknown = { symbol: 'EURJPY', status: 'TRADING', baseAsset: 'EUR', quoteAsset: 'JPY' };
    const known = simulatedFeed(new SimulatedMarket(7), clock.now);
    let listed = [...listings, unknown];
    const exchange = await startExchange(clock, { feed: { ...known, listings: () => listed } });
    const market = marketOf(exchange, { clock });
    await market.start();
    listed = listings;
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    const before = exchange.requests.length;
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
    expect(paths(exchange.requests.slice(before))).toEqual([TICKERS, TICKERS]);
  });
});

describe('an account', () => {
  it('is read with a signature, zero totals left out', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, {
      account: { ...EXCHANGE_KEYS, balances: BALANCES },
    });
    const { holdings } = await observationOf(marketOf(exchange, { clock, keys: EXCHANGE_KEYS }));
    expect(holdings).toEqual({ source: 'ACCOUNT', balances: [BALANCES[0]] });
  });

  it('is read although our clock is wrong', async () => {
    const clock = new ManualClock();
    const skewed = { now: () => clock.now() + 3_600_000 };
    const exchange = await startExchange(skewed, {
      account: { ...EXCHANGE_KEYS, balances: BALANCES },
    });
    const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS });
    expect((await observationOf(market)).holdings.source).toBe('ACCOUNT');
    expect(market.status().clockOffsetMs).toBe(3_600_000);
  });

  it('is read again at once when the clocks have drifted apart', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, {
      account: { ...EXCHANGE_KEYS, balances: BALANCES },
    });
    const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS });
    await observationOf(market);
    exchange.faults.add({ kind: 'SKEWED_CLOCK', byMs: 30_000 });
    expect((await observationOf(market)).holdings.source).toBe('ACCOUNT');
    expect(market.status().clockOffsetMs).toBe(30_000);
  });

  it.each([
    ['a wrong key', { ...EXCHANGE_KEYS, apiKey: 'other' }, /-2015: Invalid API-key/],
    ['a wrong secret', { ...EXCHANGE_KEYS, secretKey: 'other' }, /-1022: Signature/],
  ])('that cannot be read makes no observation: %s', async (_name, keys, message) => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, {
      account: { ...EXCHANGE_KEYS, balances: BALANCES },
    });
    const failure = await failureOf(marketOf(exchange, { clock, keys }));
    expect(failure.code).toBe('ACCOUNT_UNREADABLE');
    expect(failure.message).toMatch(message);
  });

  it.each<[string, Fault]>([
    ['hangs', { kind: 'HANG' }],
    ['is nonsense', { kind: 'MALFORMED' }],
    ['is down', { kind: 'STATUS', status: 503, body: 'JSON' }],
  ])('that %s makes no observation, while the prices are there', async (_name, fault) => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, {
      account: { ...EXCHANGE_KEYS, balances: BALANCES },
    });
    exchange.faults.add(fault, { path: ACCOUNT });
    const market = marketOf(exchange, {
      clock,
      keys: EXCHANGE_KEYS,
      callTimeoutMs: timeoutFor(fault),
    });
    expect((await failureOf(market)).code).toBe('ACCOUNT_UNREADABLE');
    exchange.faults.clear();
    expect((await observationOf(market)).holdings.source).toBe('ACCOUNT');
  });

  it('has zeros in any notation', async () => {
    const clock = new ManualClock();
    const balances = [
      { asset: 'ETH', free: '0E-8', locked: '0.00000000' },
      { asset: 'USDT', free: '100.0', locked: '0.0' },
    ];
    const exchange = await startExchange(clock, { account: { ...EXCHANGE_KEYS, balances } });
    const { holdings } = await observationOf(marketOf(exchange, { clock, keys: EXCHANGE_KEYS }));
    expect(holdings).toEqual({ source: 'ACCOUNT', balances: [balances[1]] });
  });

  it.each(['-0.00000001', '', 'NaN'])(
    'with one amount that is %j: named, and once that stays so, prices go on without it',
    async (free) => {
      const clock = new ManualClock();
      const usdt = { asset: 'USDT', free: '100.0', locked: '0.0' };
      const account = { ...EXCHANGE_KEYS, balances: [{ asset: 'ETH', free, locked: '1' }, usdt] };
      const exchange = await startExchange(clock, { account });
      const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS });
      const words = `ETH free "${free}"`;
      expect(await failureOf(market)).toEqual({
        code: 'ACCOUNT_UNREADABLE',
        message: `the account cannot be read: no amount: ${words}`,
      });
      for (let turn = 0; turn < 2; turn++) {
        const { holdings } = await observationOf(market);
        expect(holdings).toEqual({ source: 'ACCOUNT', balances: [usdt], unreadable: ['ETH'] });
        expect(market.status().warnings).toEqual([expect.stringContaining(words) as string]);
      }
      account.balances = [{ asset: 'ETH', free: '2', locked: '0' }, usdt];
      expect((await observationOf(market)).holdings.balances).toHaveLength(2);
      expect(market.status().warnings).toEqual([]);
    },
  );

  it('never shows in a failure with its keys or its signature', async () => {
    const exchange = await startExchange(undefined, {
      account: { ...EXCHANGE_KEYS, balances: [] },
    });
    const market = marketOf(exchange, { keys: EXCHANGE_KEYS });
    await observe(market);
    exchange.faults.add({ kind: 'RESET' });
    const failure = await failureOf(market);
    expect(JSON.stringify(failure)).not.toMatch(/test-exchange|signature=\w/);
  });
});

describe('a failing exchange', () => {
  const silentFor = (ms: number): Fault => ({
    kind: 'STATUS',
    status: 418,
    body: 'JSON',
    bannedUntil: NOON + ms,
  });

  it.each<[string, Fault, string]>([
    ['hangs', { kind: 'HANG' }, 'EXCHANGE_TIMEOUT'],
    ['resets connections', { kind: 'RESET' }, 'EXCHANGE_UNREACHABLE'],
    ['cuts answers off', { kind: 'CUT_OFF' }, 'EXCHANGE_UNREACHABLE'],
    ['truncates JSON', { kind: 'TRUNCATED' }, 'EXCHANGE_BAD_RESPONSE'],
    ['answers with pages', { kind: 'HTML' }, 'EXCHANGE_BAD_RESPONSE'],
    ['answers in another shape', { kind: 'MALFORMED' }, 'EXCHANGE_BAD_RESPONSE'],
    ['is down', { kind: 'STATUS', status: 500, body: 'JSON' }, 'EXCHANGE_ERROR'],
    ['is down behind a proxy', { kind: 'STATUS', status: 502, body: 'HTML' }, 'EXCHANGE_ERROR'],
    ['forbids', { kind: 'STATUS', status: 403, body: 'HTML' }, 'EXCHANGE_ERROR'],
  ])('that %s is said to, and is read again once it is back', async (_name, fault, code) => {
    const exchange = await startExchange();
    const market = marketOf(exchange, { callTimeoutMs: timeoutFor(fault) });
    await observationOf(market);
    exchange.faults.add(fault, { path: TICKERS });
    expect((await failureOf(market)).code).toBe(code);
    exchange.faults.clear();
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
  });

  it.each<[string, Fault, string, number]>([
    ['bans until a time', silentFor(90_000), 'EXCHANGE_BANNED', 90_000],
    ['bans', { kind: 'STATUS', status: 418, body: 'NONE' }, 'EXCHANGE_BANNED', 120_000],
    [
      'bans for a while',
      { kind: 'STATUS', status: 418, body: 'NONE', retryAfter: '7' },
      'EXCHANGE_BANNED',
      7_000,
    ],
    ['limits', { kind: 'STATUS', status: 429, body: 'NONE' }, 'EXCHANGE_RATE_LIMITED', 60_000],
    [
      'limits in words',
      { kind: 'STATUS', status: 429, body: 'JSON' },
      'EXCHANGE_RATE_LIMITED',
      60_000,
    ],
  ])('that %s is not called until the time is over', async (_name, fault, code, silentMs) => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock);
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    exchange.faults.add(fault);
    expect(await failureOf(market)).toMatchObject({ code, retryInMs: silentMs });
    exchange.faults.clear();
    const calls = exchange.requests.length;
    clock.advance(silentMs - 1);
    expect(await failureOf(market)).toMatchObject({ code, retryInMs: 1 });
    expect(market.status().bannedUntil).toBe(NOON + silentMs);
    expect(exchange.requests.length).toBe(calls);
    clock.advance(1);
    await observationOf(market);
    expect(market.status().bannedUntil).toBeNull();
  });

  it('is not asked for more than it allows in a minute', async () => {
    const clock = new ManualClock();
    const exchange = await startExchange(clock, { weightLimit: 32 });
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    await observationOf(market);
    const calls = exchange.requests.length;
    expect(await failureOf(market)).toMatchObject({
      code: 'EXCHANGE_RATE_LIMITED',
      message: '29 of 32 request weight are used this minute, 4 more are needed',
      retryInMs: 40_000,
    });
    expect(exchange.requests.length).toBe(calls);
    clock.advance(40_000);
    await observationOf(market);
  });

  it('does not fail a start, and is listed as soon as it is back', async () => {
    const exchange = await startExchange();
    exchange.faults.add({ kind: 'RESET' });
    const market = marketOf(exchange);
    await market.start();
    expect(market.status().weightPerTurn).toBe(4);
    exchange.faults.clear();
    expect((await observationOf(market)).frame.tickers).toHaveLength(28);
  });

  it('that is nowhere is said to be unreachable', async () => {
    const exchange = await startExchange();
    await exchange.stop();
    expect(await failureOf(marketOf(exchange))).toEqual({
      code: 'EXCHANGE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it.each<[string, Fault, number]>([
    ['lacks symbols', { kind: 'MISSING_SYMBOLS', keep: 3 }, 6],
    ['has symbols that nobody asked for', { kind: 'EXTRA_SYMBOLS' }, 28],
    ['has zeros', { kind: 'ZEROS' }, 0],
    ['has prices of two days ago', { kind: 'FROZEN', at: NOON - 2 * 86_400_000 }, 0],
    ['has numbers for text', { kind: 'WRONG_TYPES' }, 0],
  ])('whose answer %s gives what is valid of it', async (_name, fault, valid) => {
    const exchange = await startExchange();
    exchange.faults.add(fault, { path: TICKERS });
    const { frame } = await observationOf(marketOf(exchange));
    expect(frame.tickers).toHaveLength(valid);
  });
});

describe('ending', () => {
  it('an attempt leaves nothing under way, and no rejection that nobody hears', async () => {
    const unheard = vi.fn();
    process.on('unhandledRejection', unheard);
    const exchange = await startExchange();
    const market = marketOf(exchange);
    await observationOf(market);
    exchange.faults.add({ kind: 'HANG' });
    const attempt = new AbortController();
    const result = market.observe({ after: null, signal: attempt.signal });
    await vi.waitFor(() => expect(exchange.requests.length).toBeGreaterThan(4));
    attempt.abort();
    expect(await result).toMatchObject({ ok: false, failure: { code: 'EXCHANGE_TIMEOUT' } });
    exchange.faults.clear();
    await observationOf(market);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unheard);
    expect(unheard).not.toHaveBeenCalled();
  });
});
