import { tradingPairs } from '../../src/domain/asset.js';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { makeFrame } from '../../src/domain/frame.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { KNOWN_ASSETS } from '../../src/exchange/simulated/assets.js';
import { SimulatedMarket } from '../../src/exchange/simulated/market.js';
import { START } from './cycles.js';

/** A universe of so many assets. */
export function universeOf(size: number): string[] {
  const further = Array.from(
    { length: Math.max(0, size - KNOWN_ASSETS.length) },
    (_, n) => `A${n}`,
  );
  return [...KNOWN_ASSETS, ...further].slice(0, size);
}

/** Cycles of a universe over the simulated market, turns 1 to `count`: with all that costs something. */
export function historyOf(universe: readonly string[], count: number): Cycle[] {
  const market = new SimulatedMarket(1, universe);
  const pairs = tradingPairs(market.listings(), universe);
  const cycles: Cycle[] = [];
  let previous: CycleFigures | null = null;
  for (let turn = 1; turn <= count; turn++) {
    const at = START + turn * 1_000;
    const tickers = pairs.map(({ symbol }) => market.ticker(symbol, at));
    previous = composeCycle({
      turn,
      startedAt: at,
      completedAt: at,
      exchange: 'SIMULATED',
      universe,
      frame: makeFrame(pairs, parseTickers(tickers), at),
      holdings: { source: 'PAPER', balances: [{ asset: 'USDT', free: '100', locked: '0' }] },
      config: { ...defaultSettings(universe), version: 1, updatedAt: START },
      staleAfterMs: 60_000,
      intervalMs: 1_000,
      previous,
    });
    cycles.push(previous.cycle);
  }
  return cycles;
}
