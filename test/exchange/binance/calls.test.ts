import { expect, it } from 'vitest';
import { BinanceClient } from '../../../src/exchange/binance/client.js';
import { Calls } from '../../../src/exchange/binance/calls.js';
import { ExchangeClock } from '../../../src/exchange/binance/exchange-clock.js';
import { ExchangeLimits } from '../../../src/exchange/binance/exchange-limits.js';
import { ManualClock, startExchange } from '../../support/exchange.js';

it('no call is made once another was told to be silent', async () => {
  const clock = new ManualClock();
  const exchange = await startExchange(clock);
  const time = new ExchangeClock(clock);
  const limits = new ExchangeLimits(clock, time, null);
  const client = new BinanceClient({
    httpBase: exchange.url,
    keys: null,
    timeoutMs: 60_000,
    exchangeTime: () => time.now(),
  });
  const calls = new Calls({ client, limits, secrets: [] });
  const { signal } = new AbortController();
  exchange.faults.add({ kind: 'STATUS', status: 429, body: 'JSON', retryAfter: '300' });
  await expect(calls.time(signal)).rejects.toMatchObject({ failure: { status: 429 } });
  exchange.faults.clear();
  for (const call of [
    () => calls.time(signal),
    () => calls.account(signal),
    () => calls.exchangeInfo(['BTC', 'USDT'], true, signal),
    () => calls.tickers(['BTCUSDT'], 'NAMED', true, signal),
  ]) {
    await expect(call()).rejects.toMatchObject({ failure: { code: 'EXCHANGE_RATE_LIMITED' } });
  }
  expect(exchange.requests).toHaveLength(1);
  clock.advance(300_000);
  expect(await calls.time(signal)).toBe(clock.now());
  client.close();
});
