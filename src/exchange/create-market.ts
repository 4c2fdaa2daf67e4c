import type { Config } from '../config.js';
import type { Logger } from '../log.js';
import type { Clock, MarketSource } from '../pipeline/ports.js';
import { BINANCE_API } from './binance-client.js';
import { BinanceMarket } from './binance.js';
import { ReplayedSource } from './replayed.js';
import { SimulatedSource } from './simulated.js';

/** Makes the market that the settings name. */
export function createMarket(config: Config, clock: Clock, log: Logger): MarketSource {
  const { exchange, universe, paperWallet } = config;
  switch (exchange.kind) {
    case 'BINANCE':
      return new BinanceMarket({
        kind: 'BINANCE',
        origin: exchange.httpBase ?? BINANCE_API,
        httpBase: exchange.httpBase,
        keys: exchange.keys,
        universe,
        paperWallet,
        clock,
        log,
      });
    case 'SIMULATED':
      return new SimulatedSource({ universe, paperWallet, clock, log });
    case 'REPLAY':
      return new ReplayedSource({ ...exchange, universe, paperWallet, clock, log });
  }
}
