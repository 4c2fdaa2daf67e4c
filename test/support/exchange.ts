import { onTestFinished } from 'vitest';
import { BinanceMarket, type BinanceMarketOptions } from '../../src/exchange/binance/market.js';
import { SimulatedMarket, simulatedFeed } from '../../src/exchange/simulated/market.js';
import type { ExchangeApiOptions } from '../../src/exchange/served/exchange-api.js';
import {
  startExchangeServer,
  type ExchangeServer,
} from '../../src/exchange/served/exchange-server.js';
import { ManualClock } from './clock.js';
import { keptLogger } from './logs.js';
import type { ObservationResult } from '../../src/market/market-port.js';

export { ManualClock, NOON } from './clock.js';

export const UNIVERSE = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE', 'USDC', 'BRL', 'EUR', 'JPY'];

/** A simulated exchange whose time is a test's own; it ends with the test. */
export async function startExchange(
  clock: { now(): number } = new ManualClock(),
  options: Partial<ExchangeApiOptions> = {},
): Promise<ExchangeServer> {
  const feed = simulatedFeed(new SimulatedMarket(7), () => clock.now());
  const server = await startExchangeServer({ feed, ...options });
  onTestFinished(() => server.stop());
  return server;
}

/** A client of an exchange; it ends with the test. */
export function marketOf(
  { url }: Pick<ExchangeServer, 'url'>,
  options: Partial<BinanceMarketOptions> = {},
): BinanceMarket {
  const market = new BinanceMarket({
    kind: 'BINANCE',
    origin: url,
    httpBase: url,
    keys: null,
    universe: UNIVERSE,
    paperWallet: [{ asset: 'USDT', free: '100', locked: '0' }],
    clock: new ManualClock(),
    log: keptLogger(),
    ...options,
  });
  onTestFinished(() => market.stop());
  return market;
}

/** Observes once. */
export function observe(market: BinanceMarket): Promise<ObservationResult> {
  return market.observe({ after: null, signal: new AbortController().signal });
}

/** The failure of an observation that has to fail. */
export async function failureOf(market: BinanceMarket) {
  const result = await observe(market);
  if (result.ok) throw new Error('the observation succeeded');
  return result.failure;
}

/** What an observation that has to succeed has seen. */
export async function observationOf(market: BinanceMarket) {
  const result = await observe(market);
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.observation;
}
