import { describe, expect, it, vi } from 'vitest';
import type { SymbolListing } from '../../../src/domain/asset.js';
import type { ExchangeApiOptions } from '../../../src/exchange/served/exchange-api.js';
import { SimulatedMarket } from '../../../src/exchange/simulated/market.js';
import { INFO, TICKERS } from '../../support/binance-paths.js';
import {
  PAIRS,
  startChanging,
  symbolsOf,
  UNIVERSE,
  without,
} from '../../support/changing-listing.js';
import { failureOf, observationOf } from '../../support/exchange.js';
import { PATIENCE } from '../../support/patience.js';

const listing = (baseAsset: string, quoteAsset: string, status = 'TRADING'): SymbolListing => ({
  symbol: baseAsset + quoteAsset,
  status,
  baseAsset,
  quoteAsset,
});

describe('a server that does not understand what is asked', () => {
  it('refuses it: it is asked without, and that is said once', async () => {
    const { clock, market, logged, asked } = await startChanging({ parameters: 'REFUSED' });
    for (let hour = 0; hour < 3; hour++) {
      expect(await symbolsOf(market)).toEqual(PAIRS);
      clock.advance(3_600_000);
    }
    await vi.waitFor(() => expect(asked(INFO).length).toBeGreaterThanOrEqual(4), PATIENCE);
    expect(logged.filter((line) => line.includes('refuses symbolStatus'))).toHaveLength(1);
    expect(logged.filter((line) => line.includes('exchangeInfo is read whole'))).toHaveLength(1);
    expect(market.status().warnings).toEqual([]);
  });

  it.each<[NonNullable<ExchangeApiOptions['parameters']>, number]>([
    ['IGNORED', 1],
    ['UNDERSTOOD', 0],
  ])(
    'ignores it: turns go by the listing, and that is said once (%s)',
    async (parameters, said) => {
      const { clock, feed, market, logged } = await startChanging({ parameters });
      expect(await symbolsOf(market)).toEqual(PAIRS);
      for (const symbol of ['BNBETH', 'ETHBTC']) {
        feed.statuses = { ...feed.statuses, [symbol]: 'BREAK' };
        clock.advance(3_600_000);
        await vi.waitFor(async () => {
          const { listed } = await observationOf(market);
          expect(listed).not.toContain(symbol);
        }, PATIENCE);
        for (let turn = 0; turn < 3; turn++) await observationOf(market);
      }
      expect(await symbolsOf(market)).toEqual(without('BNBETH', 'ETHBTC'));
      expect(logged.filter((line) => line.includes('no notice of symbolStatus'))).toHaveLength(
        said,
      );
    },
  );
});

describe('a name outside of the server’s rule', () => {
  const nameRule = /^[A-Z0-9-_.]{1,20}$/;
  const odd = '币安人生';

  it.each<NonNullable<ExchangeApiOptions['parameters']>>(['UNDERSTOOD', 'IGNORED', 'REFUSED'])(
    'costs only itself, and is named (symbolStatus: %s)',
    async (parameters) => {
      const { clock, feed, market, logged, asked } = await startChanging({ nameRule, parameters }, [
        ...UNIVERSE,
        odd,
      ]);
      feed.more = [listing(odd, 'USDT'), listing(odd, 'BTC')];
      expect(await symbolsOf(market)).toEqual(PAIRS);
      const words = market.status().warnings.join();
      for (const symbol of [`${odd}USDT`, `${odd}BTC`]) {
        expect(words).toContain(`${symbol} (-1100: Illegal characters`);
        expect(logged.filter((line) => line.includes(`left out: ${symbol}`))).toHaveLength(1);
      }

      const before = asked(TICKERS).length;
      expect(await symbolsOf(market)).toEqual(PAIRS);
      expect(asked(TICKERS).length - before).toBe(1);

      // It is tried again when the listing was read, and stays named meanwhile.
      clock.advance(3_600_000);
      await observationOf(market);
      await vi.waitFor(() => expect(asked(INFO).length).toBeGreaterThanOrEqual(2), PATIENCE);
      expect(await symbolsOf(market)).toEqual(PAIRS);
      expect(market.status().warnings.join()).toBe(words);
      expect(logged.filter((line) => line.includes('left out:'))).toHaveLength(2);
    },
  );

  it('is one of many in a big universe', async () => {
    const assets = Array.from({ length: 12 }, (_, index) => `T${index}`);
    const { feed, market } = await startChanging({ nameRule }, [...UNIVERSE, odd, ...assets]);
    const market7 = new SimulatedMarket(7, [...UNIVERSE, ...assets]);
    feed.more = [
      ...assets.flatMap((asset) => UNIVERSE.map((quote) => listing(asset, quote))),
      ...assets.map((asset) => listing(odd, asset)),
      listing(odd, 'BNB'),
    ];
    feed.tickers = (at, symbols = []) =>
      symbols
        .map((symbol) => market7.ticker(symbol, at) ?? { ...template(market7, at), symbol })
        .filter((ticker) => ticker !== null);
    const symbols = await symbolsOf(market);
    expect(symbols).toHaveLength(6 + 12 * 4);
    expect(market.status().warnings.join()).toMatch(/ and 3 more/);
  });

  it('is not blamed where the exchange refuses whatever is asked', async () => {
    const { exchange, market } = await startChanging();
    await observationOf(market);
    exchange.faults.add({ kind: 'STATUS', status: 400, body: 'HTML' }, { path: TICKERS });
    expect((await failureOf(market)).message).toMatch(/^HTTP 400 Bad Request/);
    exchange.faults.clear();
    expect(await symbolsOf(market)).toEqual(PAIRS);
    expect(market.status().warnings).toEqual([]);
  });
});

function template(market: SimulatedMarket, at: number) {
  const ticker = market.ticker('BTCUSDT', at);
  if (!ticker) throw new Error('no template');
  return ticker;
}
