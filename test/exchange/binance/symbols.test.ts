import { describe, expect, it, vi } from 'vitest';
import { INFO, TICKERS } from '../../support/binance-paths.js';
import {
  PAIRS,
  startChanging,
  symbolsOf,
  UNIVERSE,
  without,
} from '../../support/changing-listing.js';
import { observationOf } from '../../support/exchange.js';
import { PATIENCE } from '../../support/patience.js';

describe('a symbol that stops trading', () => {
  it.each(['HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY'])(
    'leaves the very next frame: %s',
    async (status) => {
      const { feed, market } = await startChanging();
      expect(await symbolsOf(market)).toEqual(PAIRS);
      feed.statuses = { BNBETH: status };
      expect(await symbolsOf(market)).toEqual(without('BNBETH'));
    },
  );

  it('leaves the very next frame where it is the only one of a call', async () => {
    const { feed, market } = await startChanging({}, ['USDT', 'BTC']);
    expect(await symbolsOf(market)).toEqual(['BTCUSDT']);
    feed.statuses = { BTCUSDT: 'BREAK' };
    const { frame, listed } = await observationOf(market);
    expect({ symbols: frame.tickers, listed }).toEqual({ symbols: [], listed: [] });
  });

  it('counts as left as soon as the listing says so, which is read at once, and comes back', async () => {
    const { clock, feed, market, asked } = await startChanging();
    await observationOf(market);
    feed.statuses = { BNBETH: 'BREAK', BNBBTC: 'HALT', BNBUSDT: 'BREAK' };
    clock.advance(2_000);
    expect((await observationOf(market)).listed).toEqual(PAIRS);
    await vi.waitFor(async () => {
      const { listed } = await observationOf(market);
      expect(listed).toEqual(without('BNBETH', 'BNBBTC', 'BNBUSDT'));
    }, PATIENCE);
    expect(asked(INFO)).toHaveLength(2);
    expect(market.status().warnings.join()).toMatch(/ASSETS.* null: BNB\.$/);

    // What changed may change back: it is looked at again soon.
    feed.statuses = {};
    clock.advance(60_000);
    await vi.waitFor(async () => expect(await symbolsOf(market)).toEqual(PAIRS), PATIENCE);
    expect(market.status().warnings).toEqual([]);
  });

  it('does not have the listing read at every turn where the two never agree', async () => {
    const { clock, exchange, market, asked } = await startChanging();
    await observationOf(market);
    exchange.faults.add({ kind: 'MISSING_SYMBOLS', keep: 3 }, { path: TICKERS });
    for (let seconds = 0; seconds < 3_600; seconds += 8) {
      await observationOf(market);
      clock.advance(8_000);
    }
    // Pauses double from two seconds on: a dozen in an hour at most.
    expect(asked(INFO).length).toBeLessThanOrEqual(12);
    expect(asked(INFO).length).toBeGreaterThan(4);
  });

  it('is found at once after a restart', async () => {
    const { feed, market } = await startChanging();
    feed.statuses = { BNBETH: 'BREAK', BNBBTC: 'BREAK', BNBUSDT: 'BREAK' };
    await market.start();
    expect((await observationOf(market)).listed).toEqual(['BTCUSDT', 'ETHBTC', 'ETHUSDT']);
  });

  it('is left out while the exchange does not know its name', async () => {
    const { feed, market } = await startChanging();
    await market.start();
    feed.unknown = ['BNBETH'];
    const { frame, listed } = await observationOf(market);
    expect(frame.tickers.map(({ symbol }) => symbol)).toEqual(without('BNBETH'));
    expect(listed).toEqual(without('BNBETH'));
  });
});

it('an asset that nothing lists is named in the log, once, and in the status', async () => {
  const { clock, market, logged } = await startChanging({}, [...UNIVERSE, 'BUSD', 'NOPE']);
  await market.start();
  clock.advance(3_600_000);
  await observationOf(market);
  const words = /No trading pair .* ASSETS.* null: BUSD, NOPE\./;
  expect(market.status().warnings).toEqual([expect.stringMatching(words) as string]);
  expect(logged.filter((line) => words.test(line))).toHaveLength(1);
});

it('an asset that is written almost as one of the exchange’s is named with that one', async () => {
  const { market, logged } = await startChanging({}, [
    ...UNIVERSE,
    'btc',
    'EHT',
    'DOGEE',
    'AB',
    'JPY',
  ]);
  await market.start();
  // JPY has no pair with any of the others but BTC, ETH and BNB, which is enough.
  const words = 'null: btc (BTC?), EHT (ETH?), DOGEE (DOGE?), AB.';
  expect(market.status().warnings).toEqual([expect.stringContaining(words) as string]);
  expect(logged.filter((line) => line.includes(words))).toHaveLength(1);
});
