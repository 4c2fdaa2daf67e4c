import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/exchange/served/faults.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  observationOf,
  observe,
  startExchange,
} from '../../support/exchange.js';
import { EXCHANGE_KEYS } from '../../support/secrets.js';
import { timeoutFor } from '../../support/binance-paths.js';

const ACCOUNT = '/api/v3/account';
const BALANCES = [
  { asset: 'BTC', free: '0.10000000', locked: '0.02000000' },
  { asset: 'ETH', free: '0.00000000', locked: '0.00000000' },
];

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
