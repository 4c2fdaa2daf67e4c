import type { Config } from '../config.js';
import type { Logger } from '../log.js';
import type { ExchangeCall, ExchangeLimitsStore, MarketSource } from '../market/market-port.js';
import type { Clock } from '../time/clock.js';
import { BINANCE_API } from './binance/client.js';
import { BinanceMarket } from './binance/market.js';
import { ReplayedSource } from './replayed/source.js';
import { SimulatedSource } from './simulated/source.js';

export interface MarketParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** What is shared with other instances of what a real exchange allows. */
  readonly limits: ExchangeLimitsStore;
  readonly onCall: (call: ExchangeCall) => void;
}

/** Makes the market that the settings name. */
export function createMarket(config: Config, parts: MarketParts): MarketSource {
  const { exchange, universe, paperWallet } = config;
  const { clock, log, onCall } = parts;
  switch (exchange.kind) {
    case 'BINANCE':
      return new BinanceMarket({
        kind: 'BINANCE',
        origin: exchange.httpBase ?? BINANCE_API,
        httpBase: exchange.httpBase,
        keys: exchange.keys,
        universe,
        paperWallet,
        ...parts,
      });
    case 'SIMULATED':
      return new SimulatedSource({ universe, paperWallet, clock, log, onCall });
    case 'REPLAY':
      return new ReplayedSource({ ...exchange, universe, paperWallet, clock, log, onCall });
  }
}
