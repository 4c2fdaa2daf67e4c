import { indexAt, numberAt } from '../cells.js';
import { NOWHERE } from '../series/buckets.js';
import type { LineValues } from '../series/evaluation.js';
import { LastPrices } from './last-prices.js';
import { logReturns } from './returns.js';
import type { AssetReturns } from './window-matrix.js';

/** How many bytes a price takes, with its return. */
export const BYTES_OF_A_PRICE = 8 + 1 + 8;

/** What is known of the buckets as turns go by. What a window sees of it does not change any more. */
class KnownPrices {
  readonly #prices: readonly LastPrices[];
  /** By asset and bucket: the return that belongs to it, where it is worked out. */
  readonly #returns: readonly Float64Array[];
  /** Those are worked out of the buckets from one to before another. */
  #worked: readonly [from: number, to: number] = [0, 0];
  /** By bucket: which window of the course is seen while it is open; {@link NOWHERE} for none yet. */
  readonly windows: Int32Array;
  /** The latest bucket that was open as a window was seen. */
  latestOpen = NOWHERE;

  constructor(prices: readonly LastPrices[], buckets: number) {
    this.#prices = prices;
    this.#returns = prices.map(() => new Float64Array(buckets));
    this.windows = new Int32Array(buckets).fill(NOWHERE);
  }

  static ofNone(assets: number, buckets: number): KnownPrices {
    const prices = Array.from({ length: assets }, () => LastPrices.ofNone(buckets));
    return new KnownPrices(prices, buckets);
  }

  /** The same prices, with no window that sees them. */
  copy(): KnownPrices {
    return new KnownPrices(
      this.#prices.map((each) => each.copy()),
      this.windows.length,
    );
  }

  add(places: Int32Array, lines: readonly LineValues[], from: number, to: number): void {
    const own = places.subarray(from, to);
    this.#prices.forEach((each, asset) => {
      const { values, isStale } = lines[asset] as LineValues;
      each.add(own, values.subarray(from, to), isStale.subarray(from, to));
    });
  }

  /** By asset: of the buckets from one to before another. */
  returns(from: number, to: number): AssetReturns[] {
    const [begin, end] = this.#worked;
    if (from > end || to < begin) {
      this.#workOut(from, to);
      this.#worked = [from, to];
    } else {
      this.#workOut(from, begin);
      this.#workOut(end, to);
      this.#worked = [Math.min(from, begin), Math.max(to, end)];
    }
    return this.#returns.map((returns, asset) => ({
      returns: returns.subarray(from, to),
      isStale: (this.#prices[asset] as LastPrices).isStale.subarray(from, to),
    }));
  }

  /** Those of one window at most at a time: of all buckets they would hold up others. */
  #workOut(from: number, to: number): void {
    if (to <= from) return;
    this.#returns.forEach((returns, asset) => {
      const { prices } = this.#prices[asset] as LastPrices;
      // Each looks at the bucket before it.
      returns.set(logReturns(prices.subarray(from - 1, to)), from);
    });
  }
}

/** A window as some turns see it. */
interface SeenWindow {
  readonly known: KnownPrices;
  /** The bucket that is open: the window ends before it. */
  readonly open: number;
}

/**
 * Turns as they go by, each of which sees the window before the bucket that it is in, as it is known from the
 * turns up to it. Turns of a bucket see the same window, unless one between them was observed in an earlier bucket.
 */
export class WindowCourse {
  readonly #windows: SeenWindow[] = [];
  readonly #checkBytes: (bytes: number) => void;
  #known: KnownPrices;
  #versions = 0;

  /**
   * @param assets how many there are
   * @param buckets from the first to the last one that a turn may be in, those before any window included
   * @param checkBytes throws where it would take too much memory, before it does
   */
  constructor(
    readonly assets: number,
    readonly buckets: number,
    checkBytes: (bytes: number) => void,
  ) {
    this.#checkBytes = checkBytes;
    this.#beginVersion();
    this.#known = KnownPrices.ofNone(assets, buckets);
  }

  /** How many windows were seen. */
  get windows(): number {
    return this.#windows.length;
  }

  /**
   * Adds some turns, which come in order over all calls.
   * @param places by index: the bucket that the turn is in
   * @param lines the price of each asset
   * @throws what the check of memory does
   * @returns by index: which window it sees; {@link NOWHERE} where it is in no bucket
   */
  add(places: Int32Array, lines: readonly LineValues[]): Int32Array {
    const seen = new Int32Array(places.length).fill(NOWHERE);
    let from = 0;
    for (let index = 0; index < places.length; index++) {
      const open = indexAt(places, index);
      if (open === NOWHERE) continue;
      if (open < this.#known.latestOpen && hasPrice(lines, index)) {
        this.#known.add(places, lines, from, index);
        from = index;
        this.#beginVersion();
        // Those that have seen what this turn changes go on seeing it as it was.
        this.#known = this.#known.copy();
      }
      seen[index] = this.#see(open);
    }
    this.#known.add(places, lines, from, places.length);
    return seen;
  }

  /** The open bucket of a window. */
  openOf(window: number): number {
    return (this.#windows[window] as SeenWindow).open;
  }

  /** By asset: of so many buckets before the open one of a window. */
  returnsOf(window: number, length: number): AssetReturns[] {
    const { known, open } = this.#windows[window] as SeenWindow;
    return known.returns(open - length, open);
  }

  #beginVersion(): void {
    this.#versions++;
    this.#checkBytes(this.#versions * this.buckets * (this.assets * BYTES_OF_A_PRICE + 4));
  }

  #see(open: number): number {
    const known = this.#known;
    const before = indexAt(known.windows, open);
    if (before !== NOWHERE) return before;
    known.latestOpen = Math.max(known.latestOpen, open);
    known.windows[open] = this.#windows.length;
    return this.#windows.push({ known, open }) - 1;
  }
}

function hasPrice(lines: readonly LineValues[], index: number): boolean {
  return lines.some(({ values }) => !Number.isNaN(numberAt(values, index)));
}
