// What every benchmark measures on: frames of the simulated market, and a store in memory.
import { tradingPairs } from '../dist/domain/asset.js';
import { composeCycle } from '../dist/domain/cycle.js';
import { makeFrame } from '../dist/domain/frame.js';
import { defaultSettings } from '../dist/domain/strategy.js';
import { parseTickers } from '../dist/exchange/binance/parse.js';
import { KNOWN_ASSETS } from '../dist/exchange/simulated/assets.js';
import { SimulatedMarket } from '../dist/exchange/simulated/market.js';
import { RecentChunks } from '../dist/history/recent-chunks.js';
import { WindowReader } from '../dist/history/window-reader.js';

const START = Date.UTC(2026, 0, 31, 12);
/** From turn to turn, milliseconds. */
const STEP_MS = 8_000;

/** A universe of `size` assets and the frames of its market, one a turn. */
export function marketOf(size) {
  const further = Array.from(
    { length: Math.max(0, size - KNOWN_ASSETS.length) },
    (_, n) => `A${n}`,
  );
  const universe = [...KNOWN_ASSETS, ...further].slice(0, size);
  const market = new SimulatedMarket(1, universe);
  const pairs = tradingPairs(market.listings(), universe);
  return {
    universe,
    pairs,
    frame(turn) {
      const at = START + turn * STEP_MS;
      const tickers = pairs.map(({ symbol }) => market.ticker(symbol, at));
      return makeFrame(pairs, parseTickers(tickers), at);
    },
  };
}

/**
 * Cycles of a universe, one after another, as the engine makes them.
 * @param seen what is seen of a frame
 */
export function cyclesOf(size, seen = (frame) => frame) {
  const market = marketOf(size);
  const config = { ...defaultSettings(market.universe), version: 1, updatedAt: START };
  let previous = null;
  let last = 0;
  return {
    ...market,
    next(turn = last + 1) {
      last = turn;
      const frame = seen(market.frame(turn));
      previous = composeCycle({
        turn,
        startedAt: frame.observedAt,
        completedAt: frame.observedAt,
        exchange: 'SIMULATED',
        universe: market.universe,
        frame,
        holdings: { source: 'PAPER', balances: [{ asset: 'USDT', free: '100', locked: '0' }] },
        config,
        staleAfterMs: 60_000,
        intervalMs: STEP_MS,
        previous,
      });
      return previous;
    },
  };
}

/** The first and the last turn of cycles that were added in order, without a gap. */
function spanOf(stored) {
  const [oldest = 1] = stored.keys();
  return { oldest, latest: oldest + stored.size - 1 };
}

/** A store of cycles that keeps them in memory: the network and the disk are not measured here. */
export function memoryStore() {
  const stored = new Map();
  return {
    add: ({ cycle }) => stored.set(cycle.turn, cycle),
    latest: async () => [...stored.values()].at(-1) ?? null,
    byTurns: async (turns) => turns.flatMap((turn) => stored.get(turn) ?? []),
    async range({ from = -Infinity, to = Infinity, order = 'OLDEST_FIRST', limit, ...turns }) {
      const { afterTurn = 0, beforeTurn = Infinity } = turns;
      const { oldest, latest } = spanOf(stored);
      const first = Math.max(oldest, afterTurn + 1);
      const last = Math.min(latest, beforeTurn - 1);
      const found = [];
      // What a database has an index for does not count here.
      for (let n = 0; first + n <= last && found.length < (limit ?? Infinity); n++) {
        const cycle = stored.get(order === 'NEWEST_FIRST' ? last - n : first + n);
        const observedAt = cycle?.frame.observedAt;
        if (observedAt >= from && observedAt < to) found.push(cycle);
      }
      return found;
    },
    span: async () => (stored.size === 0 ? null : spanOf(stored)),
    count: async () => stored.size,
    idOf: ({ turn }) => String(turn),
    ids: async (turns) => new Map(turns.map((turn) => [turn, String(turn)])),
  };
}

/** Windows over such a store; what is added is kept as columns, as announced turns are. */
export function windowsOver(store) {
  const epoch = () => 'bench';
  const nothing = { async *chunks() {} };
  const chunks = new RecentChunks({
    ...{ store: nothing, latestTurn: () => Infinity, epoch },
    bytes: 512 * 2 ** 20,
  });
  return {
    add: ({ cycle }) => chunks.add(cycle),
    windows: new WindowReader({ cycles: store, chunks, epoch }),
  };
}

/** The services of the API over such a store. */
export function servicesOver({ universe, feed, store, windows }) {
  return {
    windows,
    universe,
    cycles: store,
    feed,
    strategy: { warnings: [], latestVersion: 1, control: async () => ({ purgedThrough: 0 }) },
    metronome: {
      status: () => ({ nextTurnAt: null, lastFailure: null, isFollowing: false, warnings: [] }),
    },
    skipped: {
      last: null,
    },
    maintenance: {},
    market: {
      kind: 'SIMULATED',
      status: () => ({ usedWeight: 0, bannedUntil: null, warnings: [] }),
    },
    database: { kind: 'EMBEDDED', version: async () => 'none' },
    cycleIntervalMs: 8_000,
    version: 'bench',
    startWarnings: [],
  };
}
