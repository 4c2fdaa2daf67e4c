import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Fault } from '../../../src/exchange/served/faults.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  NOON,
  observationOf,
  startExchange,
} from '../../support/exchange.js';
import { EXCHANGE_KEYS } from '../../support/secrets.js';
import { PATIENCE } from '../../support/patience.js';

const TICKERS = '/api/v3/ticker/24hr';
const ACCOUNT = '/api/v3/account';
const INFO = '/api/v3/exchangeInfo';
const MEBIBYTE = 1024 * 1024;
const BALANCES = [{ asset: 'BTC', free: '0.5', locked: '0' }];

async function start() {
  const clock = new ManualClock();
  const account = { ...EXCHANGE_KEYS, balances: BALANCES };
  const exchange = await startExchange(clock, { account });
  return { clock, exchange };
}

/** A host that would answer whatever it is asked, and keeps what it was. */
async function otherHost() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${JSON.stringify(request.headers)}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ balances: [{ asset: 'BTC', free: '1000000', locked: '0' }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a redirect', () => {
  it.each([300, 301, 302, 303, 307, 308])(
    'is a failed call, named, and nothing goes to another host: %d',
    async (status) => {
      const { clock, exchange } = await start();
      const other = await otherHost();
      const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS });
      await observationOf(market);
      for (const path of [ACCOUNT, TICKERS, INFO, '/api/v3/time']) {
        const to = `${other.url}${path}?omitZeroBalances=true`;
        exchange.faults.add({ kind: 'REDIRECT', status, to }, { path });
        clock.advance(3_600_000);
        if (path === ACCOUNT || path === TICKERS) {
          const { code, message } = await failureOf(market);
          expect(code).toBe(path === ACCOUNT ? 'ACCOUNT_UNREADABLE' : 'EXCHANGE_ERROR');
          expect(message).toContain(`HTTP ${status} `);
          expect(message).toContain(`a redirect to ${other.url}, which is not followed`);
        } else {
          // Turns go on without these, and say so.
          await observationOf(market);
          await vi.waitFor(() => {
            expect(market.status().warnings.join()).toContain(`a redirect to ${other.url}`);
          }, PATIENCE);
        }
        exchange.faults.clear();
      }
      expect(other.asked).toEqual([]);
    },
  );

  it('to itself is not followed either', async () => {
    const { clock, exchange } = await start();
    const market = marketOf(exchange, { clock });
    await observationOf(market);
    exchange.faults.add({ kind: 'REDIRECT', status: 302, to: TICKERS }, { path: TICKERS });
    const before = exchange.requests.length;
    expect((await failureOf(market)).message).toMatch(/^HTTP 302 Found: a redirect, which/);
    expect(exchange.requests.length - before).toBe(2);
  });
});

describe('a server that wants silence', () => {
  const limited = (retryAfter: string): Fault => ({
    kind: 'STATUS',
    status: 429,
    body: 'JSON',
    retryAfter,
  });
  const DAY = 86_400_000;

  it.each<[string, Fault, number]>([
    ['429 with JSON', limited('300'), 300_000],
    ['418 with JSON', { kind: 'STATUS', status: 418, body: 'JSON', retryAfter: '720' }, 720_000],
    ['429 with a page', { kind: 'STATUS', status: 429, body: 'HTML', retryAfter: '300' }, 300_000],
    ['418 with a page', { kind: 'STATUS', status: 418, body: 'HTML', retryAfter: '720' }, 720_000],
    ['no number', limited('soon'), 60_000],
    ['a negative number', limited('-300'), 60_000],
    ['an absurd number', limited('99999999999999999999'), 3 * DAY],
  ])('is not called at all until its Retry-After is over: %s', async (_name, fault, silentMs) => {
    const { clock, exchange } = await start();
    const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS });
    await observationOf(market);
    exchange.faults.add(fault, { path: TICKERS });
    expect(await failureOf(market)).toMatchObject({ retryInMs: silentMs });
    expect(market.status().bannedUntil).toBe(NOON + silentMs);
    exchange.faults.clear();
    const calls = exchange.requests.length;
    clock.advance(silentMs - 1);
    await failureOf(market);
    await market.start();
    expect(exchange.requests).toHaveLength(calls);
    clock.advance(1);
    await observationOf(market);
    expect(market.status().bannedUntil).toBeNull();
  });

  it('is heard although its words never end', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(429, { 'retry-after': '300' });
      response.write('{"code":-1003,');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const market = marketOf({ url }, { callTimeoutMs: 500 });
    expect(await failureOf(market)).toMatchObject({
      code: 'EXCHANGE_RATE_LIMITED',
      retryInMs: 300_000,
    });
  });
});

describe('an answer', () => {
  it.each<[string, Fault, string, RegExp]>([
    [
      'that is too big',
      { kind: 'FLOOD', bytes: 20 * MEBIBYTE, packed: false },
      'EXCHANGE_BAD_RESPONSE',
      /^the answer is bigger than 16 MiB, and is refused$/,
    ],
    [
      'that is too big unpacked',
      { kind: 'FLOOD', bytes: 20 * MEBIBYTE, packed: true },
      'EXCHANGE_BAD_RESPONSE',
      /^the answer is bigger than 16 MiB, and is refused$/,
    ],
    [
      'that is big, and nothing',
      { kind: 'FLOOD', bytes: 8 * MEBIBYTE, packed: true },
      'EXCHANGE_BAD_RESPONSE',
      /^the answer is no JSON/,
    ],
    ['that trickles', { kind: 'TRICKLE' }, 'EXCHANGE_TIMEOUT', /^no answer within 2 s$/],
    ['shorter than it says', { kind: 'TOO_SHORT' }, 'EXCHANGE_TIMEOUT', /^no answer within 2 s$/],
    [
      'that cannot be unpacked',
      { kind: 'NOT_PACKED' },
      'EXCHANGE_BAD_RESPONSE',
      /^the answer cannot be unpacked/,
    ],
  ])('%s is refused in words, and ended', async (_name, fault, code, words) => {
    const { clock, exchange } = await start();
    const waits = ['TRICKLE', 'TOO_SHORT'].includes(fault.kind);
    const market = marketOf(exchange, { clock, callTimeoutMs: waits ? 2_000 : 60_000 });
    await observationOf(market);
    exchange.faults.add(fault, { path: TICKERS });
    const failure = await failureOf(market);
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(words);
    exchange.faults.clear();
    // Nothing more comes for nobody: what was not whole is ended.
    const isWhole = fault.kind === 'NOT_PACKED' || words.source.includes('JSON');
    if (!isWhole)
      await vi.waitFor(async () => expect(await exchange.connections()).toBe(0), PATIENCE);
    await observationOf(market);
  });

  it('is bounded for each kind of call', async () => {
    const { clock, exchange } = await start();
    const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS, callTimeoutMs: 60_000 });
    await observationOf(market);
    for (const [path, bytes, words] of [
      ['/api/v3/time', MEBIBYTE, '64 KiB'],
      [ACCOUNT, 2 * MEBIBYTE, '1 MiB'],
      [INFO, 33 * MEBIBYTE, '32 MiB'],
    ] as const) {
      exchange.faults.add({ kind: 'FLOOD', bytes, packed: true }, { path });
      clock.advance(3_600_000);
      const said = path === ACCOUNT ? [(await failureOf(market)).message] : [];
      if (path !== ACCOUNT) await observationOf(market);
      await vi.waitFor(
        () =>
          expect([...said, ...market.status().warnings].join()).toContain(`bigger than ${words}`),
        PATIENCE,
      );
      exchange.faults.clear();
    }
  });
});
