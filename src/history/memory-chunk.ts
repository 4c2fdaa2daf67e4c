import { pairKey, type Pair } from '../domain/asset.js';
import type { PairColumns, TurnColumns } from '../domain/series/frame-columns.js';
import type { Pace } from '../scheduling/slices.js';
import { FREE, sumOf, type ReadCost, type TurnChunk, type TurnRecord } from './turn-chunk.js';

/** Some turns in memory, and what is kept with them. */
export interface KeptTurns {
  /** Their columns, at least as long as there are turns. */
  readonly columns: TurnColumns;
  /** Ordered by symbol. */
  readonly listed: readonly Pair[];
  /** The columns of a pair; null while they are not in memory. */
  columnsOf(pair: Pair): PairColumns | null;
}

/** Where turns in memory have from what is not: the same turns as they are stored. */
export interface MemorySource {
  /** Has the columns of some pairs kept with the turns. @returns what was read for that */
  fetch(pairs: readonly Pair[], pace?: Pace): Promise<ReadCost>;
  /** What these turns have beside their frames. */
  records(
    turns: Float64Array,
    pace?: Pace,
  ): Promise<{ readonly records: readonly (TurnRecord | null)[]; readonly cost: ReadCost }>;
}

/** A part of turns in memory. Whatever becomes of these meanwhile, it stays as it was begun. */
export class MemoryChunk implements TurnChunk {
  readonly turns: Float64Array;
  readonly observedAt: Float64Array;
  readonly staleAfterMs: Float64Array;
  readonly previousTurns: Float64Array;
  readonly universes: TurnChunk['universes'];
  readonly listed: readonly Pair[];
  cost: ReadCost = FREE;
  readonly #kept: KeptTurns;
  readonly #source: MemorySource;
  readonly #start: number;
  readonly #end: number;

  /** @param start the places at which it begins and ends */
  constructor(kept: KeptTurns, source: MemorySource, start: number, end: number) {
    const { turns, observedAt, staleAfterMs, previousTurns, universes } = kept.columns;
    this.#kept = kept;
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.turns = turns.subarray(start, end);
    this.observedAt = observedAt.subarray(start, end);
    this.staleAfterMs = staleAfterMs.subarray(start, end);
    this.previousTurns = previousTurns.subarray(start, end);
    this.universes = universes.slice(start, end);
    this.listed = kept.listed;
  }

  async load(pairs: readonly Pair[], pace?: Pace): Promise<readonly PairColumns[]> {
    const keys = new Set(this.listed.map(pairKey));
    const asked = pairs.filter((pair) => keys.has(pairKey(pair)));
    const missing = asked.filter((pair) => this.#kept.columnsOf(pair) === null);
    if (missing.length > 0) {
      this.cost = sumOf(this.cost, await this.#source.fetch(missing, pace));
    }
    return asked.map((pair) => {
      const columns = this.#kept.columnsOf(pair);
      if (!columns) throw new RangeError(`${pair.symbol} was not fetched`);
      return new ColumnsPart(columns, this.#start, this.#end);
    });
  }

  async records(pace?: Pace): Promise<readonly (TurnRecord | null)[]> {
    const { records, cost } = await this.#source.records(this.turns, pace);
    this.cost = sumOf(this.cost, cost);
    return records;
  }
}

/** From one place to another of a pair's columns; those that nobody asks for are not touched. */
class ColumnsPart implements PairColumns {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly #whole: PairColumns;
  readonly #start: number;
  readonly #end: number;

  constructor(whole: PairColumns, start: number, end: number) {
    this.symbol = whole.symbol;
    this.base = whole.base;
    this.quote = whole.quote;
    this.#whole = whole;
    this.#start = start;
    this.#end = end;
  }

  get last(): Float64Array {
    return this.#whole.last.subarray(this.#start, this.#end);
  }

  get open(): Float64Array {
    return this.#whole.open.subarray(this.#start, this.#end);
  }

  get bid(): Float64Array {
    return this.#whole.bid.subarray(this.#start, this.#end);
  }

  get ask(): Float64Array {
    return this.#whole.ask.subarray(this.#start, this.#end);
  }

  get lag(): Float64Array {
    return this.#whole.lag.subarray(this.#start, this.#end);
  }
}
