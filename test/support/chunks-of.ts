import type { Cycle } from '../../src/domain/cycle.js';
import type { Pair } from '../../src/domain/asset.js';
import type { CycleRange } from '../../src/history/cycle-store.js';
import { isReadable, type StoredCycle } from '../../src/history/stored-cycle.js';
import type { TurnChunk, TurnChunks } from '../../src/history/turn-chunk.js';
import { columnsOf } from './frame-columns.js';

/** Stored cycles in memory, in chunks of so many turns; tells which pairs were loaded. */
export class CyclesInMemory implements TurnChunks {
  readonly loads: string[] = [];

  /** @param times when turns that cannot be read say they were observed; else nobody knows */
  constructor(
    readonly cycles: readonly StoredCycle[],
    readonly chunkSize: number,
    readonly times: ReadonlyMap<number, number> = new Map(),
  ) {}

  range({
    from = -Infinity,
    to = Infinity,
    afterTurn = 0,
    beforeTurn = Infinity,
    order,
    limit,
  }: CycleRange): Promise<StoredCycle[]> {
    const within = this.cycles.filter((cycle) => {
      if (cycle.turn <= afterTurn || cycle.turn >= beforeTurn) return false;
      const observedAt = this.#timeOf(cycle);
      return observedAt >= from && observedAt < to;
    });
    return Promise.resolve((order === 'NEWEST_FIRST' ? within.reverse() : within).slice(0, limit));
  }

  observed(): Promise<{ first: number; last: number } | null> {
    const times = this.cycles
      .map((cycle) => this.#timeOf(cycle))
      .filter((time) => !Number.isNaN(time));
    if (times.length === 0) return Promise.resolve(null);
    return Promise.resolve({ first: Math.min(...times), last: Math.max(...times) });
  }

  // oxlint-disable-next-line typescript/require-await -- the port is one of promises
  async *chunks(first: number, last: number): AsyncGenerator<TurnChunk> {
    const within = this.cycles.filter(({ turn }) => turn >= first && turn <= last);
    for (let at = 0; at < within.length; at += this.chunkSize) {
      yield this.#chunk(within.slice(at, at + this.chunkSize));
    }
  }

  #timeOf(cycle: StoredCycle): number {
    return isReadable(cycle) ? cycle.frame.observedAt : (this.times.get(cycle.turn) ?? NaN);
  }

  #chunk(cycles: readonly StoredCycle[]): TurnChunk {
    const columns = columnsOf(
      cycles.map((cycle) => {
        if (!isReadable(cycle)) {
          const nothing = { previousTurn: null, staleAfterMs: NaN, universe: null, frame: null };
          return { turn: cycle.turn, observedAt: this.#timeOf(cycle), ...nothing };
        }
        const { turn, previousTurn, staleAfterMs, universe, frame } = cycle;
        return { turn, previousTurn, staleAfterMs, universe, frame, observedAt: frame.observedAt };
      }),
    );
    const { pairs, ...turns } = columns;
    return {
      ...turns,
      listed: pairs.map(({ symbol, base, quote }) => ({ symbol, base, quote })),
      load: (asked: readonly Pair[]) => {
        this.loads.push(...asked.map(({ symbol }) => symbol));
        return Promise.resolve(
          asked.flatMap(({ symbol }) => pairs.filter((pair) => pair.symbol === symbol)),
        );
      },
      records: () =>
        Promise.resolve(cycles.map((cycle): Cycle | null => (isReadable(cycle) ? cycle : null))),
      cost: { blocks: 0, documents: cycles.length, bytes: 1 },
    };
  }
}
