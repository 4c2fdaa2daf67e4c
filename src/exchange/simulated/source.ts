import { KNOWN_ASSETS } from './assets.js';
import { SimulatedMarket, simulatedFeed } from './market.js';
import { ServedMarket, type Played } from '../served/served-market.js';

/** The market that every start shows. */
const SEED = 1;

/** A made-up market with real pairs. */
export class SimulatedSource extends ServedMarket {
  readonly kind = 'SIMULATED';
  readonly origin = `simulated:${SEED}`;

  protected play(): Played {
    const { universe, clock } = this.options;
    // One that is a known one but for its case is a slip, as it is at a real exchange.
    const invented = universe.filter((asset) => !KNOWN_ASSETS.includes(asset.toUpperCase()));
    const assets = [...KNOWN_ASSETS, ...invented];
    return { feed: simulatedFeed(new SimulatedMarket(SEED, assets), () => clock.now()) };
  }
}
