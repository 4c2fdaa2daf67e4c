import type { Pair } from '../../src/domain/asset.js';
import type { Cycle } from '../../src/domain/cycle.js';
import type { TurnChunks } from '../../src/history/turn-chunk.js';
import { historyOf, universeOf } from './history.js';

/** More bytes than any turns here take. */
export const PLENTY = 2 ** 26;
const NUMBERS = ['last', 'open', 'bid', 'ask', 'lag'] as const;
/** The pairs of a universe of five assets. */
export const PAIRS: readonly Pair[] = (historyOf(universeOf(5), 1)[0] as Cycle).frame.tickers.map(
  (ticker) => {
    const { symbol, base, quote } = ticker;
    return { symbol, base, quote };
  },
);

/** All that chunks say of each turn, of some pairs. */
export async function told(
  chunks: TurnChunks,
  first: number,
  last: number,
  pairs = PAIRS,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const chunk of chunks.chunks(first, last)) {
    const loaded = await chunk.load(pairs);
    const records = await chunk.records();
    chunk.turns.forEach((turn, at) => {
      const prices = loaded
        .map((pair) => NUMBERS.map((name) => pair[name][at]))
        .map((numbers, place) => [loaded[place]?.symbol, ...numbers])
        .filter(([, price]) => !Number.isNaN(price));
      const ofTurn = [chunk.observedAt[at], chunk.staleAfterMs[at], chunk.previousTurns[at]];
      rows.push([turn, ...ofTurn, chunk.universes[at], records[at]?.aux, prices]);
    });
  }
  return rows;
}
