import { compareCodeUnits, pairKey, type Pair, type Universe } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import type { Ticker } from '../domain/frame.js';
import type { PairColumns, TurnColumns } from '../domain/series/frame-columns.js';
import type { SharedUniverse } from './chunk-builder.js';
import type { KeptTurns } from './memory-chunk.js';
import type { TurnChunk } from './turn-chunk.js';

/** How many bytes a turn takes without its pairs, and a pair of it. */
const TURN_BYTES = 40;
const PAIR_BYTES = 40;
/** The same of a pair that a block gave, with what it was unpacked from. */
const UNPACKED_PAIR_BYTES = 56;

/** Neighbouring stored turns in memory: all that are stored from a first turn to a last one. */
export interface Piece extends KeptTurns {
  readonly from: number;
  /** At least the last of its turns: after that none is stored up to here. */
  to: number;
  /** How many turns there are. */
  readonly count: number;
  /** About how much memory it takes. */
  readonly bytes: number;
  /** Keeps further columns; those of an empty list are of pairs that have none. */
  add(pairs: readonly PairColumns[]): void;
}

/** What was read from the store. */
export class ReadPiece implements Piece {
  readonly columns: TurnColumns;
  readonly listed: readonly Pair[];
  readonly #pairs = new Map<string, PairColumns>();
  readonly #bytesOfPair: number;
  /** Of how many turns there are numbers in memory: a part of a block keeps those of all its turns. */
  readonly #held: number;

  constructor(
    readonly from: number,
    public to: number,
    chunk: TurnChunk,
  ) {
    const { turns, observedAt, staleAfterMs, previousTurns, universes } = chunk;
    this.columns = { turns, observedAt, staleAfterMs, previousTurns, universes };
    const isOfBlock = chunk.cost.blocks > 0;
    // Those of a block are nothing but pairs.
    this.listed = isOfBlock
      ? chunk.listed
      : chunk.listed.map(({ symbol, base, quote }) => ({ symbol, base, quote }));
    this.#bytesOfPair = isOfBlock ? UNPACKED_PAIR_BYTES : PAIR_BYTES;
    this.#held = turns.buffer.byteLength / turns.BYTES_PER_ELEMENT;
  }

  get count(): number {
    return this.columns.turns.length;
  }

  get bytes(): number {
    return this.#held * (TURN_BYTES + this.#pairs.size * this.#bytesOfPair);
  }

  add(pairs: readonly PairColumns[]): void {
    for (const pair of pairs) this.#pairs.set(pairKey(pair), pair);
  }

  columnsOf(pair: Pair): PairColumns | null {
    return this.#pairs.get(pairKey(pair)) ?? null;
  }
}

/** The newest turns, added one after another as they are announced. */
export class GrowingPiece implements Piece {
  from = 0;
  to = 0;
  readonly columns: TurnColumns & { readonly universes: (Universe | null)[] };
  readonly #room: number;
  readonly #shared: SharedUniverse;
  readonly #pairs = new Map<string, PairColumns>();
  /** In the order of the last frame: the next one most likely has the same. */
  #order: PairColumns[] = [];
  #listed: readonly Pair[] = [];
  #count = 0;

  /** @param room how many turns there are at most */
  constructor(room: number, shared: SharedUniverse) {
    this.#room = room;
    this.#shared = shared;
    const empty = () => new Float64Array(room).fill(NaN);
    this.columns = {
      turns: empty(),
      observedAt: empty(),
      staleAfterMs: empty(),
      previousTurns: empty(),
      universes: [],
    };
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.#room;
  }

  get bytes(): number {
    return this.#room * (TURN_BYTES + this.#pairs.size * PAIR_BYTES);
  }

  get listed(): readonly Pair[] {
    if (this.#listed.length !== this.#pairs.size) {
      const pairs = [...this.#pairs.values()];
      this.#listed = pairs.sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
    }
    return this.#listed;
  }

  columnsOf(pair: Pair): PairColumns | null {
    return this.#pairs.get(pairKey(pair)) ?? null;
  }

  add(): void {
    // All of them are here from the beginning.
  }

  push({ turn, frame, universe, staleAfterMs, previousTurn }: Cycle): void {
    const at = this.#count++;
    if (at === 0) this.from = turn;
    this.to = turn;
    this.columns.turns[at] = turn;
    const { columns } = this;
    columns.universes.push(this.#shared.of(universe));
    columns.observedAt[at] = frame.observedAt;
    columns.staleAfterMs[at] = staleAfterMs;
    columns.previousTurns[at] = previousTurn ?? NaN;
    for (const [place, ticker] of frame.tickers.entries()) {
      const pair = this.#pairOf(ticker, place);
      pair.last[at] = ticker.last;
      pair.open[at] = ticker.open;
      pair.bid[at] = ticker.bid;
      pair.ask[at] = ticker.ask;
      pair.lag[at] = frame.observedAt - ticker.closeTime;
    }
  }

  #pairOf({ symbol, base, quote }: Ticker, place: number): PairColumns {
    const likely = this.#order[place];
    if (likely?.symbol === symbol && likely.base === base && likely.quote === quote) return likely;
    const key = pairKey({ symbol, base, quote });
    const pair = this.#pairs.get(key) ?? emptyColumns({ symbol, base, quote }, this.#room);
    this.#pairs.set(key, pair);
    this.#order[place] = pair;
    return pair;
  }
}

/** The columns of a pair at so many turns, none of which has it yet. */
export function emptyColumns({ symbol, base, quote }: Pair, length: number): PairColumns {
  const empty = () => new Float64Array(length).fill(NaN);
  return {
    ...{ symbol, base, quote },
    ...{ last: empty(), open: empty(), bid: empty(), ask: empty(), lag: empty() },
  };
}

/** How many turns of a frame with so many pairs fit into so much memory. */
export function turnsWithin(bytes: number, pairs: number): number {
  return Math.floor(bytes / (TURN_BYTES + pairs * PAIR_BYTES));
}
