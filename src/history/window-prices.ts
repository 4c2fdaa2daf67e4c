import { LRUCache } from 'lru-cache';
import type { Asset } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import { SpanBuckets } from '../domain/series/buckets.js';
import { evaluatorOf, priceLine } from '../domain/series/line.js';
import { bucketOf, bucketStart, formatSpan, type Span } from '../domain/series/span.js';
import { LastPrices } from '../domain/window/last-prices.js';
import { FEWEST_RETURNS } from '../domain/window/window-matrix.js';
import type { Pace } from '../scheduling/slices.js';
import type { CycleStore } from './cycle-store.js';
import { LinePass } from './line-pass.js';
import { pairsRead } from './series-checks.js';
import { SeriesFault } from './series-fault.js';
import { isReadable } from './stored-cycle.js';
import type { TurnChunks } from './turn-chunk.js';

/** How much memory the prices may take that are kept: those of 100 assets over 1,000 buckets are 1 MB. */
const KEPT_BYTES = 32 * 1024 * 1024;
const BYTES_OF_A_PRICE = 9;
/** How many turns are looked through for one that was observed earlier than others. */
const MOST_TURNS_BETWEEN = 20_000;

/** How many prices may still be read: turns times pairs. */
export interface ReadBudget {
  prices: number;
}

export interface WindowSource {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
  /** While it is the same, so is what is stored of earlier turns. */
  readonly epoch: () => string;
}

/** Which prices. */
export interface PricesRequest {
  readonly assets: readonly Asset[];
  readonly numeraire: Asset;
  readonly every: Span;
  /** The buckets from the first to the one before the open one. */
  readonly first: number;
  readonly open: number;
  /** Only turns before this one, which is in the open bucket, count. */
  readonly turn: number;
  /** How many of the buckets are before the window. */
  readonly before: number;
}

interface Kept extends Pick<PricesRequest, 'first' | 'open' | 'turn'> {
  readonly epoch: string;
  readonly assets: readonly LastPrices[];
}

/**
 * Whether none of some turns was observed before a moment: the clock may go back. Too many of them count
 * as if one was.
 */
export async function areAllSince(
  moment: number,
  [first, last]: readonly [first: number, last: number],
  chunks: TurnChunks,
  pace: Pace,
): Promise<boolean> {
  if (last - first >= MOST_TURNS_BETWEEN) return false;
  for await (const { observedAt } of chunks.chunks(first, last, pace)) {
    if (observedAt.some((each) => each < moment)) return false;
  }
  return true;
}

/** The last prices of some assets in buckets. Of those that are kept, only later ones are read. */
export class WindowPrices {
  readonly #source: WindowSource;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ assets, first, open }) => assets.length * (open - first) * BYTES_OF_A_PRICE,
  });

  constructor(source: WindowSource) {
    this.#source = source;
  }

  /**
   * By asset.
   * @throws {SeriesFault} where more would have to be read than the budget has
   */
  async read(
    request: PricesRequest,
    budget: ReadBudget,
    pace: Pace,
  ): Promise<readonly LastPrices[]> {
    const { numeraire, every, first, open, turn } = request;
    const epoch = this.#source.epoch();
    const key = [numeraire, every, ...request.assets].join(' ');
    const kept = this.#kept.get(key);
    const known = kept && (await this.#goesOn(kept, request, epoch, pace)) ? kept : null;
    if (known) {
      const later = await this.#readBuckets({ ...request, first: known.open }, budget, pace);
      // As many as were kept: a longer window that others ask for goes on from them, too.
      const start = Math.min(first, known.first + open - known.open);
      const assets = known.assets.map((each, at) => {
        return each.followedBy(later[at] as LastPrices, start - known.first);
      });
      this.#kept.set(key, { epoch, first: start, open, turn, assets });
      return assets.map((each) => each.from(first - start));
    }
    const assets = await this.#readBuckets(request, budget, pace);
    // What is asked of long ago does not take the place of what the next turn goes on from.
    if (!kept || kept.epoch !== epoch || kept.open <= open) {
      this.#kept.set(key, { epoch, first, open, turn, assets });
    }
    return assets;
  }

  async #goesOn(
    kept: Kept,
    { every, first, open, turn }: PricesRequest,
    epoch: string,
    pace: Pace,
  ): Promise<boolean> {
    if (kept.epoch !== epoch || kept.turn > turn) return false;
    if (kept.open > open || kept.open < first || kept.first > first) return false;
    const end = bucketStart(kept.open, every);
    return areAllSince(end, [kept.turn, turn - 1], this.#source.chunks, pace);
  }

  async #readBuckets(
    { assets, numeraire, every, first, open, turn, before }: PricesRequest,
    budget: ReadBudget,
    pace: Pace,
  ): Promise<readonly LastPrices[]> {
    const prices = assets.map(() => LastPrices.ofNone(open - first));
    if (first === open) return prices;
    const { cycles, chunks } = this.#source;
    const range = { from: bucketStart(first, every), to: bucketStart(open, every) };
    const within = { ...range, beforeTurn: turn, limit: 1 };
    const [[from], [to]] = await Promise.all([
      cycles.range({ ...within, order: 'OLDEST_FIRST' }),
      cycles.range({ ...within, order: 'NEWEST_FIRST' }),
    ]);
    if (!from || !to) return prices;
    const lines = assets.map((asset) => priceLine(asset, numeraire));
    const pairs = pairsRead(lines, numeraire, { first: from, last: to });
    const found = (to.turn - from.turn + 1) * pairs;
    if (found > budget.prices) {
      const limit = { name: 'prices read', allowed: budget.prices, found };
      const afterTurn = to.turn - Math.floor(budget.prices / pairs);
      const [since] = await cycles.range({ ...within, afterTurn, order: 'OLDEST_FIRST' });
      const fitting = since && isReadable(since) ? open - firstWhole(since, every) - before : 0;
      const way =
        fitting < FEWEST_RETURNS
          ? 'ask for fewer windows'
          : `over: ${formatSpan(fitting * every)} fits`;
      throw new SeriesFault('over', way, limit);
    }
    budget.prices -= found;
    const pass = new LinePass(
      lines.map((line) => evaluatorOf(line, numeraire)),
      pace,
    );
    const buckets = new SpanBuckets(range, every);
    for await (const chunk of chunks.chunks(from.turn, to.turn, pace)) {
      const places = buckets.add(chunk);
      const values = await pass.over(chunk);
      values.forEach((line, at) => prices[at]?.add(places, line.values, line.isStale));
    }
    return prices;
  }
}

/** The first bucket after that of a cycle: the turns before it may be in the same one. */
function firstWhole({ frame }: Cycle, every: Span): number {
  return bucketOf(frame.observedAt, every) + 1;
}
