import type { SymbolListing } from '../../src/domain/asset.js';
import type { BinanceMarket } from '../../src/exchange/binance/market.js';
import type { ExchangeApiOptions } from '../../src/exchange/served/exchange-api.js';
import type { ExchangeFeed } from '../../src/exchange/served/feed.js';
import { SimulatedMarket, simulatedFeed } from '../../src/exchange/simulated/market.js';
import { ManualClock, marketOf, observationOf, startExchange } from './exchange.js';
import { keptLogger } from './logs.js';

/** The assets that are looked at, and all pairs of them that are listed. */
export const UNIVERSE = ['USDT', 'BTC', 'ETH', 'BNB'];
export const PAIRS = ['BNBBTC', 'BNBETH', 'BNBUSDT', 'BTCUSDT', 'ETHBTC', 'ETHUSDT'];

/** All pairs but these. */
export const without = (...left: string[]) => PAIRS.filter((symbol) => !left.includes(symbol));

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

/** An exchange whose listing a test changes, and a client of it; both end with the test. */
export async function startChanging(
  options: Partial<ExchangeApiOptions> = {},
  universe = UNIVERSE,
) {
  const clock = new ManualClock();
  const feed = new ChangingFeed(clock);
  const exchange = await startExchange(clock, { feed, ...options });
  const logged: string[] = [];
  const log = keptLogger((line) => logged.push(line));
  const market = marketOf(exchange, { clock, universe, log });
  const asked = (path: string) => exchange.requests.filter((request) => request.path === path);
  return { clock, feed, exchange, market, logged, asked };
}

/** The symbols that an observation, which has to succeed, has prices of. */
export async function symbolsOf(market: BinanceMarket): Promise<string[]> {
  return (await observationOf(market)).frame.tickers.map(({ symbol }) => symbol);
}
