import { LRUCache } from 'lru-cache';
import type { Asset, Universe } from '../domain/asset.js';
import type { Cycle } from '../domain/cycle.js';
import type { PairTable } from '../domain/pair-table.js';
import { bucketOf, bucketStart, type Span } from '../domain/series/span.js';
import type { LastPrices } from '../domain/window/last-prices.js';
import { logReturns } from '../domain/window/returns.js';
import {
  assetsOfFigures,
  WindowFigures,
  type FigureOfWindow,
  type WindowFigure,
} from '../domain/window/window-figures.js';
import {
  FEWEST_RETURNS,
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

/** @param buckets how long a window is, in its buckets */
export function isWindowLength(buckets: number): boolean {
  return Number.isInteger(buckets) && buckets >= FEWEST_RETURNS && buckets <= MOST_BUCKETS;
}

export function isWindowLag(lag: number): boolean {
  return Number.isInteger(lag) && lag >= 0 && lag <= LONGEST_LAG;
}

/** How much memory the matrices may take that are kept: those of a window of 100 assets are 400 kB. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Three kinds, and two counts. */
const BYTES_OF_A_CELL = 5 * 8;
/** Its name, and three numbers. */
const BYTES_OF_A_FIGURE = 200;

/** How many pairs of returns are gone through without a pause: a part of a millisecond. */
const RETURNS_AT_ONCE = 25_000;

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

/** What was made of a window, and the turns from which it is known to be the one that is seen. */
interface Kept {
  readonly epoch: string;
  readonly size: number;
  from: number;
  through: number;
  readonly made: Promise<unknown>;
}

/** What is to be made of a window: what it is known by, about how many bytes it takes, and how. */
interface Product<T> {
  readonly name: string;
  readonly assets: readonly Asset[];
  readonly size: number;
  readonly make: (returns: readonly AssetReturns[]) => T | Promise<T>;
}

/**
 * Figures over the last whole buckets before a cycle. They are worked out anew when a bucket closes, and
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

  /**
   * The matrices, over the universe of the cycle.
   * @throws {SeriesFault} where more would have to be read than the budget has
   */
  read(request: WindowRequest, budget: ReadBudget, pace: Pace): Promise<WindowMatrices> {
    const { universe } = request.cycle;
    const matrices: Product<WindowMatrices> = {
      name: universe.join(' '),
      assets: universe,
      size: universe.length ** 2 * BYTES_OF_A_CELL,
      make: (returns) => matricesOf(universe, returns, request.lag, pace),
    };
    return pastDamage(() => this.#shared(request, matrices, budget, pace));
  }

  /**
   * Some figures, in the order asked for; prices are read of no other assets than theirs.
   * @throws {SeriesFault} where more would have to be read than the budget has
   */
  figures(
    request: WindowRequest,
    asked: readonly WindowFigure[],
    budget: ReadBudget,
    pace: Pace,
  ): Promise<readonly FigureOfWindow[]> {
    const assets = assetsOfFigures(asked);
    const figures: Product<readonly FigureOfWindow[]> = {
      name: JSON.stringify(asked),
      assets,
      size: Math.max(1, asked.length * BYTES_OF_A_FIGURE),
      make: async (returns) => {
        const window = new WindowFigures(assets, returns, request);
        const found: FigureOfWindow[] = [];
        for (const figure of asked) {
          if (pace.isSpent) await pace.next();
          found.push(window.of(figure));
        }
        return found;
      },
    };
    return pastDamage(() => this.#shared(request, figures, budget, pace));
  }

  async #shared<T>(
    request: WindowRequest,
    product: Product<T>,
    budget: ReadBudget,
    pace: Pace,
  ): Promise<T> {
    const { cycle, numeraire, every, length, lag } = request;
    const { turn } = cycle;
    const open = bucketOf(cycle.frame.observedAt, every);
    const key = [numeraire, every, length, lag, open, product.name].join(' ');
    for (;;) {
      const kept = this.#kept.get(key);
      if (kept && (await this.#isSeenFrom(kept, turn, bucketStart(open, every), pace))) {
        // What somebody else gave up half-way is worked out here.
        const made = await kept.made.catch(() => null);
        if (made !== null) return made as T;
      }
      // Or by one of the others who waited for it.
      if (this.#kept.peek(key) === kept) break;
    }
    const epoch = this.#source.epoch();
    const made = this.#make(request, product, open, budget, pace);
    const kept = { epoch, size: product.size, from: turn, through: turn, made };
    this.#kept.set(key, kept);
    made.catch(() => {
      if (this.#kept.peek(key) === kept) this.#kept.delete(key);
    });
    return made;
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

  async #make<T>(
    { cycle, numeraire, every, length, lag }: WindowRequest,
    { assets, make }: Product<T>,
    open: number,
    budget: ReadBudget,
    pace: Pace,
  ): Promise<T> {
    // The first return looks at the bucket before it.
    const before = lag + 1;
    const first = open - length - before;
    const asked = { assets, numeraire, every, first, open, turn: cycle.turn, before };
    const prices = await this.#prices.read(asked, budget, pace);
    return make(await returnsOf(prices, pace));
  }
}

async function returnsOf(prices: readonly LastPrices[], pace: Pace): Promise<AssetReturns[]> {
  const assets: AssetReturns[] = [];
  for (const each of prices) {
    if (pace.isSpent) await pace.next();
    // A return belongs to the later of its two buckets.
    assets.push({ returns: logReturns(each.prices), isStale: each.isStale.subarray(1) });
  }
  return assets;
}

async function matricesOf(
  universe: Universe,
  assets: readonly AssetReturns[],
  lag: number,
  pace: Pace,
): Promise<WindowMatrices> {
  const window = new Window(assets, lag);
  const places = [...universe.keys()];
  for (const asset of places) {
    if (pace.isSpent) await pace.next();
    window.prepare(asset);
  }
  const table = () => ({ universe, cells: new Float64Array(universe.length ** 2) });
  const values = { CORRELATION: table(), COVARIANCE: table(), BETA: table() };
  const [counts, staleCounts] = [table(), table()];
  const { length } = assets[0]?.returns ?? [];
  const atOnce = Math.max(1, Math.floor(RETURNS_AT_ONCE / Math.max(1, length)));
  for (const i of places) {
    for (let from = 0; from < places.length; from += atOnce) {
      if (pace.isSpent) await pace.next();
      const row = window.row(i, places.slice(from, from + atOnce));
      const at = i * universe.length + from;
      for (const kind of WINDOW_KINDS) values[kind].cells.set(row.values[kind], at);
      counts.cells.set(row.counts, at);
      staleCounts.cells.set(row.staleCounts, at);
    }
  }
  return { values, counts, staleCounts };
}
