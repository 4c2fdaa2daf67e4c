import { pairKey, type Pair } from '../../domain/asset.js';
import type { ChunkHead, LineEvaluator, LineValues } from '../../domain/series/evaluation.js';
import type { PairColumns } from '../../domain/series/frame-columns.js';
import { LoadedPairs } from '../../domain/series/loaded-pairs.js';
import type { Layer } from './backfill-layer.js';
import type { BackfillStore } from './backfill-store.js';
import { DAY_MINUTES, type DayCloses } from './day-closes.js';

/** A close is as old as it is, and no book is known. */
const NONE = new Float64Array(DAY_MINUTES).fill(NaN);
const ZEROS = new Float64Array(DAY_MINUTES);
const NEVER = new Float64Array(DAY_MINUTES).fill(Infinity);

/**
 * A day of closes as if each minute were a turn, so that rates follow from closes by the rule by which
 * they follow from frames: the listed pair, or the path of two legs that is first by names, because no
 * spread is known. Longer paths are not sought.
 */
export class BackfilledDay {
  readonly #head: ChunkHead;
  readonly #closes = new Map<string, Float64Array>();
  readonly #loaded = new LoadedPairs();
  readonly #store: Pick<BackfillStore, 'days'>;

  /**
   * @param asked the pairs whose closes were read
   * @param closes those that there are of them
   */
  constructor(
    readonly day: number,
    asked: readonly Pair[],
    closes: readonly DayCloses[],
    { pairs, assets }: Layer,
    store: Pick<BackfillStore, 'days'>,
  ) {
    this.#store = store;
    this.#head = {
      ...{ turns: ZEROS, observedAt: NONE, previousTurns: NONE, staleAfterMs: NEVER },
      universes: new Array<Layer['assets']>(DAY_MINUTES).fill(assets),
      listed: pairs,
    };
    for (const pair of asked) this.#closes.set(pairKey(pair), NONE);
    for (const each of closes) this.#closes.set(pairKey(each.pair), each.closes);
  }

  /** What a line has at each minute. */
  async valuesOf(line: LineEvaluator): Promise<LineValues> {
    const evaluation = line.begin(this.#head, []);
    while (evaluation.wanted.length > 0) {
      await this.#load(evaluation.wanted);
      evaluation.proceed(this.#loaded);
    }
    return evaluation.finish();
  }

  async #load(wanted: readonly Pair[]): Promise<void> {
    const pairs = wanted.filter((pair) => !this.#loaded.has(pair));
    const missing = pairs.filter((pair) => !this.#closes.has(pairKey(pair)));
    for (const { pair, closes } of await this.#store.days(missing, [this.day])) {
      this.#closes.set(pairKey(pair), closes);
    }
    this.#loaded.add(pairs.map((pair) => columnsOf(pair, this.#closes.get(pairKey(pair)) ?? NONE)));
  }
}

function columnsOf({ symbol, base, quote }: Pair, closes: Float64Array): PairColumns {
  const book = { bid: ZEROS, ask: ZEROS };
  return { symbol, base, quote, last: closes, open: closes, ...book, lag: ZEROS };
}
