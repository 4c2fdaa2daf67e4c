import {
  compareCodeUnits,
  isSameUniverse,
  pairKey,
  type Pair,
  type Universe,
} from '../domain/asset.js';
import type { Frame } from '../domain/frame.js';
import {
  PAIR_NUMBERS,
  type PairColumns,
  type TurnColumns,
} from '../domain/series/frame-columns.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';
import type { TurnRecord } from './turn-chunk.js';

/** The columns of a pair with the one that enters no figure. */
export interface FullPairColumns extends PairColumns {
  /** Turnover of the window, in quote. */
  readonly quoteVolume: Float64Array;
}

/** Some stored turns with all that is in them, oldest first. */
export interface WholeTurns extends TurnColumns {
  /** Ordered by symbol. */
  readonly pairs: readonly FullPairColumns[];
  readonly records: readonly (TurnRecord | null)[];
}

const NUMBERS = [...PAIR_NUMBERS, 'quoteVolume'] as const;
type Numbers = Record<(typeof NUMBERS)[number], Float64Array>;

/** Gives equal universes that follow each other as the same object. */
export class SharedUniverse {
  #last: Universe | null = null;

  of(universe: Universe): Universe {
    if (this.#last && isSameUniverse(this.#last, universe)) return this.#last;
    return (this.#last = universe);
  }
}

/** Takes stored cycles apart into columns, one after another. */
export class ChunkBuilder {
  readonly #most: number;
  readonly #shared: SharedUniverse;
  readonly #turns: Float64Array;
  readonly #observedAt: Float64Array;
  readonly #staleAfterMs: Float64Array;
  readonly #previousTurns: Float64Array;
  readonly #universes: (Universe | null)[] = [];
  readonly #records: (TurnRecord | null)[] = [];
  readonly #pairs = new Map<string, Pair & Numbers>();

  /** @param most how many turns there are at most */
  constructor(most: number, shared = new SharedUniverse()) {
    this.#most = most;
    this.#shared = shared;
    this.#turns = new Float64Array(most);
    this.#observedAt = new Float64Array(most);
    this.#staleAfterMs = new Float64Array(most);
    this.#previousTurns = new Float64Array(most).fill(NaN);
  }

  get count(): number {
    return this.#records.length;
  }

  /** @param observedAt when a turn that cannot be read says it was observed, NaN where it does not */
  add(stored: StoredCycle, observedAt = NaN): void {
    const at = this.count;
    this.#turns[at] = stored.turn;
    if (!isReadable(stored)) {
      this.#observedAt[at] = observedAt;
      this.#staleAfterMs[at] = NaN;
      this.#universes.push(null);
      this.#records.push(null);
      return;
    }
    const { frame, ...record } = stored;
    const universe = this.#shared.of(stored.universe);
    const quants = { ...record.quants, universe: this.#shared.of(record.quants.universe) };
    this.#observedAt[at] = frame.observedAt;
    this.#staleAfterMs[at] = stored.staleAfterMs;
    this.#previousTurns[at] = stored.previousTurn ?? NaN;
    this.#universes.push(universe);
    this.#records.push({ ...record, universe, quants });
    this.#addFrame(frame, at);
  }

  #addFrame({ observedAt, tickers }: Frame, at: number): void {
    for (const ticker of tickers) {
      const columns = this.#columnsOf(ticker);
      columns.last[at] = ticker.last;
      columns.open[at] = ticker.open;
      columns.bid[at] = ticker.bid;
      columns.ask[at] = ticker.ask;
      columns.lag[at] = observedAt - ticker.closeTime;
      columns.quoteVolume[at] = ticker.quoteVolume;
    }
  }

  #columnsOf({ symbol, base, quote }: Pair): Numbers {
    const key = pairKey({ symbol, base, quote });
    let columns = this.#pairs.get(key);
    if (!columns) {
      const empty = () => new Float64Array(this.#most).fill(NaN);
      const numbers = Object.fromEntries(NUMBERS.map((each) => [each, empty()])) as Numbers;
      columns = { symbol, base, quote, ...numbers };
      this.#pairs.set(key, columns);
    }
    return columns;
  }

  build(): WholeTurns {
    const cut = (column: Float64Array) => column.subarray(0, this.count);
    const pairs = [...this.#pairs.values()].map((pair) => ({
      ...pair,
      ...(Object.fromEntries(NUMBERS.map((each) => [each, cut(pair[each])])) as Numbers),
    }));
    return {
      turns: cut(this.#turns),
      observedAt: cut(this.#observedAt),
      staleAfterMs: cut(this.#staleAfterMs),
      previousTurns: cut(this.#previousTurns),
      universes: this.#universes,
      pairs: pairs.sort((a, b) => compareCodeUnits(a.symbol, b.symbol)),
      records: this.#records,
    };
  }
}
