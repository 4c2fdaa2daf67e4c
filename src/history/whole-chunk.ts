import type { Pair } from '../domain/asset.js';
import type { PairColumns } from '../domain/series/frame-columns.js';
import type { WholeTurns } from './chunk-builder.js';
import type { ReadCost, TurnChunk, TurnRecord } from './turn-chunk.js';

/** A chunk all of which is at hand. */
export class WholeChunk implements TurnChunk {
  readonly turns: Float64Array;
  readonly observedAt: Float64Array;
  readonly staleAfterMs: Float64Array;
  readonly previousTurns: Float64Array;
  readonly universes: TurnChunk['universes'];
  readonly #whole: WholeTurns;

  constructor(
    whole: WholeTurns,
    readonly cost: ReadCost,
  ) {
    this.#whole = whole;
    this.turns = whole.turns;
    this.observedAt = whole.observedAt;
    this.staleAfterMs = whole.staleAfterMs;
    this.previousTurns = whole.previousTurns;
    this.universes = whole.universes;
  }

  get listed(): readonly Pair[] {
    return this.#whole.pairs;
  }

  load(pairs: readonly Pair[]): Promise<readonly PairColumns[]> {
    const found = pairs.flatMap(
      (pair) => this.#whole.pairs.find((each) => isSamePair(each, pair)) ?? [],
    );
    return Promise.resolve(found);
  }

  records(): Promise<readonly (TurnRecord | null)[]> {
    return Promise.resolve(this.#whole.records);
  }
}

export function isSamePair(one: Pair, other: Pair): boolean {
  return one.symbol === other.symbol && one.base === other.base && one.quote === other.quote;
}
