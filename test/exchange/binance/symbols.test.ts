import { describe, expect, it, vi } from 'vitest';
import type { SymbolListing } from '../../../src/domain/asset.js';
import type { ExchangeFeed } from '../../../src/exchange/served/feed.js';
import { SimulatedMarket, simulatedFeed } from '../../../src/exchange/simulated/market.js';
import type { ExchangeApiOptions } from '../../../src/exchange/served/exchange-api.js';
import type { BinanceMarket } from '../../../src/exchange/binance/market.js';
import {
  failureOf,
  ManualClock,
  marketOf,
  observationOf,
  startExchange,
} from '../../support/exchange.js';
import { keptLogger } from '../../support/logs.js';
import { PATIENCE } from '../../support/patience.js';

const INFO = '/api/v3/exchangeInfo';
const TICKERS = '/api/v3/ticker/24hr';
const UNIVERSE = ['USDT', 'BTC', 'ETH', 'BNB'];
const PAIRS = ['BNBBTC', 'BNBETH', 'BNBUSDT', 'BTCUSDT', 'ETHBTC', 'ETHUSDT'];
const listing = (baseAsset: string, quoteAsset: string, status = 'TRADING'): SymbolListing => ({
  symbol: baseAsset + quoteAsset,
  status,
  baseAsset,
  quoteAsset,
});

/** A market whose listing a test changes. */
class ChangingFeed implements ExchangeFeed {
  readonly #feed: ExchangeFeed;
  statuses: Readonly<Record<string, string>> = {};
  unknown: readonly string[] = [];
  more: readonly SymbolListing[] = [];
  constructor(clock: ManualClock) {
    this.#feed = simulatedFeed(new SimulatedMarket(7), clock.now);
  }
  now = () => this.#feed.now();
  listings = () =>
    [...this.#feed.listings(), ...this.more]
      .filter(({ symbol }) => !this.unknown.includes(symbol))
      .map((one) => ({ ...one, status: this.statuses[one.symbol] ?? one.status }));
  tickers = (at: number, symbols?: readonly string[]) => this.#feed.tickers(at, symbols);
}

async function start(options: Partial<ExchangeApiOptions> = {}, universe = UNIVERSE) {
  const clock = new ManualClock();
  const feed = new ChangingFeed(clock);
  const exchange = await startExchange(clock, { feed, ...options });
  const logged: string[] = [];
  const log = keptLogger((line) => logged.push(line));
  const market = marketOf(exchange, { clock, universe, log });
  const asked = (path: string) => exchange.requests.filter((request) => request.path === path);
  return { clock, feed, exchange, market, logged, asked };
}

async function symbolsOf(market: BinanceMarket): Promise<string[]> {
  return (await observationOf(market)).frame.tickers.map(({ symbol }) => symbol);
}

const without = (...left: string[]) => PAIRS.filter((symbol) => !left.includes(symbol));

describe('a symbol that stops trading', () => {
  it.each(['HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY'])(
    'leaves the very next frame: %s',
    async (status) => {
      const { feed, market } = await start();
      expect(await symbolsOf(market)).toEqual(PAIRS);
      feed.statuses = { BNBETH: status };
      expect(await symbolsOf(market)).toEqual(without('BNBETH'));
    },
  );

  it('leaves the very next frame where it is the only one of a call', async () => {
    const { feed, market } = await start({}, ['USDT', 'BTC']);
    expect(await symbolsOf(market)).toEqual(['BTCUSDT']);
    feed.statuses = { BTCUSDT: 'BREAK' };
    const { frame, listed } = await observationOf(market);
    expect({ symbols: frame.tickers, listed }).toEqual({ symbols: [], listed: [] });
  });

  it('counts as left as soon as the listing says so, which is read at once, and comes back', async () => {
    const { clock, feed, market, asked } = await start();
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
    const { clock, exchange, market, asked } = await start();
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
    const { feed, market } = await start();
    feed.statuses = { BNBETH: 'BREAK', BNBBTC: 'BREAK', BNBUSDT: 'BREAK' };
    await market.start();
    expect((await observationOf(market)).listed).toEqual(['BTCUSDT', 'ETHBTC', 'ETHUSDT']);
  });

  it('is left out while the exchange does not know its name', async () => {
    const { feed, market } = await start();
    await market.start();
    feed.unknown = ['BNBETH'];
    const { frame, listed } = await observationOf(market);
    expect(frame.tickers.map(({ symbol }) => symbol)).toEqual(without('BNBETH'));
    expect(listed).toEqual(without('BNBETH'));
  });
});

describe('a server that does not understand what is asked', () => {
  it('refuses it: it is asked without, and that is said once', async () => {
    const { clock, market, logged, asked } = await start({ parameters: 'REFUSED' });
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
      const { clock, feed, market, logged } = await start({ parameters });
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
      const { clock, feed, market, logged, asked } = await start({ nameRule, parameters }, [
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
    const { feed, market } = await start({ nameRule }, [...UNIVERSE, odd, ...assets]);
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
    const { exchange, market } = await start();
    await observationOf(market);
    exchange.faults.add({ kind: 'STATUS', status: 400, body: 'HTML' }, { path: TICKERS });
    expect((await failureOf(market)).message).toMatch(/^HTTP 400 Bad Request/);
    exchange.faults.clear();
    expect(await symbolsOf(market)).toEqual(PAIRS);
    expect(market.status().warnings).toEqual([]);
  });
});

it('an asset that nothing lists is named in the log, once, and in the status', async () => {
  const { clock, market, logged } = await start({}, [...UNIVERSE, 'BUSD', 'NOPE']);
  await market.start();
  clock.advance(3_600_000);
  await observationOf(market);
  const words = /No trading pair .* ASSETS.* null: BUSD, NOPE\./;
  expect(market.status().warnings).toEqual([expect.stringMatching(words) as string]);
  expect(logged.filter((line) => words.test(line))).toHaveLength(1);
});

it('an asset that is written almost as one of the exchange’s is named with that one', async () => {
  const { market, logged } = await start({}, [...UNIVERSE, 'btc', 'EHT', 'DOGEE', 'AB', 'JPY']);
  await market.start();
  // JPY has no pair with any of the others but BTC, ETH and BNB, which is enough.
  const words = 'null: btc (BTC?), EHT (ETH?), DOGEE (DOGE?), AB.';
  expect(market.status().warnings).toEqual([expect.stringContaining(words) as string]);
  expect(logged.filter((line) => line.includes(words))).toHaveLength(1);
});

function template(market: SimulatedMarket, at: number) {
  const ticker = market.ticker('BTCUSDT', at);
  if (!ticker) throw new Error('no template');
  return ticker;
}
