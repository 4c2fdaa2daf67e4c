import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { frameAt } from './scripted-market.js';

export const UNIVERSE = ['USDT', 'BTC', 'ETH'];
/** Before the first cycle: milliseconds since 1970. */
export const START = 1_700_000_000_000;

/** A cycle of a small universe; `step` moves its prices and its times a little. */
export function figures(turn: number, previous: CycleFigures | null, step = turn): CycleFigures {
  const at = START + turn * 1000;
  return composeCycle({
    turn,
    startedAt: at,
    completedAt: at + 40 + step,
    exchange: 'SIMULATED',
    universe: UNIVERSE,
    frame: frameAt(at, step),
    holdings: { source: 'PAPER', balances: [{ asset: 'BTC', free: '0.10', locked: '0' }] },
    config: { ...defaultSettings(UNIVERSE), version: 1, updatedAt: START },
    staleAfterMs: 60_000,
    intervalMs: 1_000,
    previous,
  });
}

/** Cycles of turns 1 to `count`, each built upon the one before. */
export function chain(count: number): Cycle[] {
  const cycles: Cycle[] = [];
  let previous: CycleFigures | null = null;
  for (let turn = 1; turn <= count; turn++) {
    previous = figures(turn, previous);
    cycles.push(previous.cycle);
  }
  return cycles;
}
