import { LRUCache } from 'lru-cache';
import type { Asset, Universe } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import type { PairTable } from '../domain/pair-table.js';
import { bucketOf, bucketStart, type Span } from '../domain/series/span.js';
import type { LastPrices } from '../domain/window/last-prices.js';
import { logReturns } from '../domain/window/returns.js';
import {
  Window,
  WINDOW_KINDS,
  type AssetReturns,
  type WindowKind,
} from '../domain/window/window-matrix.js';
import type { Pace } from '../scheduling/slices.js';
import { pastDamage } from './past-damage.js';
import { areAllSince, WindowPrices, type ReadBudget, type WindowSource } from './window-prices.js';

/** How many buckets a window may have at most, and how many earlier the returns of quotes may be taken. */
export const MOST_BUCKETS = 10_000;
export const LONGEST_LAG = 100;

/** How much memory the matrices may take that are kept: those of a window of 100 assets are 400 kB. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Three kinds, and two counts. */
const BYTES_OF_A_CELL = 5 * 8;

/** Which window, seen from a cycle. */
export interface WindowRequest {
  readonly cycle: Pick<Cycle, 'turn' | 'universe' | 'frame'>;
  /** The asset that all are priced in. */
  readonly numeraire: Asset;
  /** The span of a bucket. */
  readonly every: Span;
  /** How many buckets. */
  readonly length: number;
  readonly lag: number;
}

/** The matrices over a window, over the universe of its cycle. */
export interface WindowMatrices {
  readonly values: Readonly<Record<WindowKind, PairTable>>;
  readonly counts: PairTable;
  readonly staleCounts: PairTable;
}

/** A window, and the turns from which it is known to be the one that is seen. */
interface Kept {
  readonly epoch: string;
  readonly size: number;
  from: number;
  through: number;
  readonly matrices: Promise<WindowMatrices>;
}

/**
 * Matrices over the last whole buckets before a cycle. One is worked out anew when a bucket closes, and
 * kept: a turn that closes none sees the same.
 */
export class WindowReader {
  readonly #source: WindowSource;
  readonly #prices: WindowPrices;
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ size }) => size,
  });

  constructor(source: WindowSource) {
    this.#source = source;
    this.#prices = new WindowPrices(source);
  }

  /** @throws {SeriesFault} where more would have to be read than the budget has */
  read(request: WindowRequest, budget: ReadBudget, pace: Pace): Promise<WindowMatrices> {
    return pastDamage(() => this.#read(request, budget, pace));
  }

  async #read(request: WindowRequest, budget: ReadBudget, pace: Pace): Promise<WindowMatrices> {
    const { cycle, numeraire, every, length, lag } = request;
    const { turn, universe } = cycle;
    const open = bucketOf(cycle.frame.observedAt, every);
    const key = [numeraire, every, length, lag, open, ...universe].join(' ');
    for (;;) {
      const kept = this.#kept.get(key);
      if (kept && (await this.#isSeenFrom(kept, turn, bucketStart(open, every), pace))) {
        // What somebody else gave up half-way is worked out here.
        const matrices = await kept.matrices.catch(() => null);
        if (matrices) return matrices;
      }
      // Or by one of the others who waited for it.
      if (this.#kept.peek(key) === kept) break;
    }
    const epoch = this.#source.epoch();
    const matrices = this.#make(request, open, budget, pace);
    const size = universe.length ** 2 * BYTES_OF_A_CELL;
    const made = { epoch, size, from: turn, through: turn, matrices };
    this.#kept.set(key, made);
    matrices.catch(() => {
      if (this.#kept.peek(key) === made) this.#kept.delete(key);
    });
    return matrices;
  }

  /** Whether no turn between was observed in the window: the clock may go back. */
  async #isSeenFrom(kept: Kept, turn: number, end: number, pace: Pace): Promise<boolean> {
    if (kept.epoch !== this.#source.epoch()) return false;
    const isLater = turn > kept.through;
    if (!isLater && turn >= kept.from) return true;
    const between = isLater
      ? ([kept.through, turn - 1] as const)
      : ([turn, kept.from - 1] as const);
    if (!(await areAllSince(end, between, this.#source.chunks, pace))) return false;
    kept.from = Math.min(kept.from, turn);
    kept.through = Math.max(kept.through, turn);
    return true;
  }

  async #make(
    { cycle, numeraire, every, length, lag }: WindowRequest,
    open: number,
    budget: ReadBudget,
    pace: Pace,
  ): Promise<WindowMatrices> {
    const { turn, universe } = cycle;
    // The first return looks at the bucket before it.
    const before = lag + 1;
    const first = open - length - before;
    const asked = { universe, numeraire, every, first, open, turn, before };
    const prices = await this.#prices.read(asked, budget, pace);
    return matricesOf(universe, prices, lag, pace);
  }
}

async function matricesOf(
  universe: Universe,
  prices: readonly LastPrices[],
  lag: number,
  pace: Pace,
): Promise<WindowMatrices> {
  const assets: AssetReturns[] = [];
  for (const each of prices) {
    if (pace.isSpent) await pace.next();
    // A return belongs to the later of its two buckets.
    assets.push({ returns: logReturns(each.prices), isStale: each.isStale.subarray(1) });
  }
  const window = new Window(assets, lag);
  const places = [...universe.keys()];
  for (const asset of places) {
    if (pace.isSpent) await pace.next();
    window.prepare(asset);
  }
  const table = () => ({ universe, cells: new Float64Array(universe.length ** 2) });
  const values = { CORRELATION: table(), COVARIANCE: table(), BETA: table() };
  const [counts, staleCounts] = [table(), table()];
  for (const i of places) {
    if (pace.isSpent) await pace.next();
    const row = window.row(i, places);
    const at = i * universe.length;
    for (const kind of WINDOW_KINDS) values[kind].cells.set(row.values[kind], at);
    counts.cells.set(row.counts, at);
    staleCounts.cells.set(row.staleCounts, at);
  }
  return { values, counts, staleCounts };
}
