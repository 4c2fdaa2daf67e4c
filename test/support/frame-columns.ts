import { isSameUniverse, type Pair, type Universe } from '../../src/domain/asset.js';
import type { Frame, Ticker } from '../../src/domain/frame.js';
import type { FrameColumns, PairColumns } from '../../src/domain/series/frame-columns.js';

/** A turn to make columns of; without a universe and a frame it is one that cannot be read. */
export interface ColumnTurn {
  readonly turn: number;
  readonly observedAt: number;
  readonly previousTurn?: number | null;
  readonly staleAfterMs?: number;
  readonly universe: Universe | null;
  readonly frame: Frame | null;
}

const NAMES: readonly (keyof Omit<PairColumns, keyof Pair>)[] = [
  'last',
  'open',
  'bid',
  'ask',
  'lag',
];

/** The columns of some turns, oldest first, with all their pairs. */
export function columnsOf(turns: readonly ColumnTurn[]): FrameColumns {
  const universes: (Universe | null)[] = [];
  let known: Universe | null = null;
  for (const { universe } of turns) {
    if (universe && (!known || !isSameUniverse(known, universe))) known = universe;
    universes.push(universe && known);
  }
  const column = (value: (turn: ColumnTurn) => number): Float64Array =>
    Float64Array.from(turns, value);
  return {
    turns: column(({ turn }) => turn),
    observedAt: column(({ observedAt }) => observedAt),
    staleAfterMs: column(({ staleAfterMs = 60_000 }) => staleAfterMs),
    previousTurns: column(({ turn, previousTurn = turn > 1 ? turn - 1 : null }) =>
      previousTurn === null ? NaN : previousTurn,
    ),
    universes,
    pairs: pairsOf(turns),
  };
}

function pairsOf(turns: readonly ColumnTurn[]): PairColumns[] {
  const pairs = new Map<string, PairColumns>();
  turns.forEach(({ frame, observedAt }, index) => {
    for (const ticker of frame?.tickers ?? []) {
      const key = JSON.stringify([ticker.symbol, ticker.base, ticker.quote]);
      const pair = pairs.get(key) ?? emptyColumns(ticker, turns.length);
      pairs.set(key, pair);
      const values = { ...ticker, lag: observedAt - ticker.closeTime };
      for (const name of NAMES) pair[name][index] = values[name];
    }
  });
  return [...pairs.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

function emptyColumns({ symbol, base, quote }: Ticker, length: number): PairColumns {
  const empty = (): Float64Array => new Float64Array(length).fill(NaN);
  const [last, open, bid, ask, lag] = [empty(), empty(), empty(), empty(), empty()];
  return { symbol, base, quote, last, open, bid, ask, lag };
}
