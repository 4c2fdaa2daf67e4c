import type { Config } from '../config.js';
import type { Logger } from '../log.js';
import type { Clock, MarketSource } from '../pipeline/ports.js';
import { BinanceMarket } from './binance.js';
import { ReplayedMarket } from './replayed.js';
import { SimulatedMarket } from './simulated.js';

/** Binance's own address, named where the database records what its prices come from. */
const BINANCE_ORIGIN = 'https://api.binance.com';

/** Makes the market that the settings name. */
export function createMarket(config: Config, clock: Clock, log: Logger): MarketSource {
  const { exchange, universe, paperWallet } = config;
  switch (exchange.kind) {
    case 'BINANCE':
      return new BinanceMarket({
        kind: 'BINANCE',
        origin: exchange.httpBase ?? BINANCE_ORIGIN,
        httpBase: exchange.httpBase,
        keys: exchange.keys,
        universe,
        paperWallet,
        clock,
        log,
      });
    case 'SIMULATED':
      return new SimulatedMarket({ universe, paperWallet, clock, log });
    case 'REPLAY':
      return new ReplayedMarket({ ...exchange, universe, paperWallet, clock, log });
  }
}
