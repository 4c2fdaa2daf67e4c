import type { Asset } from './asset.js';
import { numberAt } from './cells.js';
import { Amounts, type Holdings, type WalletSource } from './wallet.js';

/** What made the value of an asset held change, in units of the asset that it is valued in. */
export interface Contribution {
  /** What the market did: `h(s') * (B(s) - B(s'))`. */
  readonly price: number;
  /** What came, went or was traded: `(h(s) - h(s')) * B(s)`. Never a gain. */
  readonly flow: number;
  /** What was or became without a price: `v(s) - v(s')`. */
  readonly unpriced: number;
}

/** What was held at a turn, and what each asset was worth. */
export interface ValuedHoldings {
  readonly source: WalletSource;
  readonly held: ReadonlyMap<Asset, Holding>;
  /** The price of an asset that need not be held; null where it has none. */
  readonly priceOf: (asset: Asset) => number | null;
}

interface Holding {
  /** h; NaN where it could not be read. */
  readonly amount: number;
  /** B; NaN where there is none. */
  readonly price: number;
}

/**
 * @param priceOf of an asset at that turn, in the asset of the attribution; null where it has none
 * @param amounts those of the turns before
 */
export function valuedHoldings(
  { source, balances, unreadable = [] }: Holdings,
  priceOf: (asset: Asset) => number | null,
  amounts = new Amounts(),
): ValuedHoldings {
  const held = new Map<Asset, Holding>();
  for (const balance of balances) {
    const price = priceOf(balance.asset) ?? NaN;
    held.set(balance.asset, { amount: amounts.of(balance), price });
  }
  for (const asset of unreadable) held.set(asset, { amount: NaN, price: NaN });
  return { source, held, priceOf };
}

/** `Σ h * B` over what has a price: what cannot be priced counts 0. */
export function valueOf({ held }: ValuedHoldings): number {
  return [...held.values()].reduce((sum, holding) => sum + worthOf(holding), 0);
}

/**
 * What the change of the value of each asset from a turn to the next with balances is made of; for each
 * asset held at either. The whole of it is flow where the balances come from another source, and
 * unpriced where the asset has no price at one of the turns, or its amount could not be read.
 * The sum of all is {@link valueOf} now minus before, up to rounding.
 */
export function contributions(
  before: ValuedHoldings,
  now: ValuedHoldings,
): ReadonlyMap<Asset, Contribution> {
  const assets = new Set([...before.held.keys(), ...now.held.keys()]);
  return new Map(
    [...assets].map((asset) => {
      const [then, since] = [holdingOf(before, asset), holdingOf(now, asset)];
      const change = worthOf(since) - worthOf(then);
      if (before.source !== now.source) return [asset, { price: 0, flow: change, unpriced: 0 }];
      if (!isPriced(then) || !isPriced(since)) {
        return [asset, { price: 0, flow: 0, unpriced: change }];
      }
      const price = then.amount * (since.price - then.price);
      const flow = (since.amount - then.amount) * since.price;
      return [asset, { price, flow, unpriced: 0 }];
    }),
  );
}

function holdingOf({ held, priceOf }: ValuedHoldings, asset: Asset): Holding {
  return held.get(asset) ?? { amount: 0, price: priceOf(asset) ?? NaN };
}

function isPriced({ amount, price }: Holding): boolean {
  return !Number.isNaN(amount * price);
}

function worthOf(holding: Holding): number {
  return isPriced(holding) ? holding.amount * holding.price : 0;
}

/** The numbers of a {@link Contribution}. */
const NUMBERS = 3;

/** What {@link contributions} gives, in little memory: thousands of steps are kept. */
export class PackedContributions implements Iterable<readonly [Asset, Contribution]> {
  static readonly NONE = new PackedContributions([], new Float64Array());
  /** In the order in which they came. */
  readonly #assets: readonly Asset[];
  /** Those of each asset, one after another. */
  readonly #numbers: Float64Array;

  private constructor(assets: readonly Asset[], numbers: Float64Array) {
    this.#assets = assets;
    this.#numbers = numbers;
  }

  /** @param before the step before, which most likely is of the same assets */
  static of(
    step: ReadonlyMap<Asset, Contribution>,
    before: PackedContributions,
  ): PackedContributions {
    const assets = [...step.keys()];
    const known = before.#assets;
    const isSame =
      known.length === assets.length && assets.every((asset, at) => asset === known[at]);
    const numbers = new Float64Array(NUMBERS * assets.length);
    let at = 0;
    for (const { price, flow, unpriced } of step.values()) {
      numbers[at++] = price;
      numbers[at++] = flow;
      numbers[at++] = unpriced;
    }
    return new PackedContributions(isSame ? known : assets, numbers);
  }

  /** How many assets there are. */
  get size(): number {
    return this.#assets.length;
  }

  *[Symbol.iterator](): Iterator<readonly [Asset, Contribution]> {
    const numbers = this.#numbers;
    for (const [index, asset] of this.#assets.entries()) {
      const at = NUMBERS * index;
      const price = numberAt(numbers, at);
      yield [
        asset,
        { price, flow: numberAt(numbers, at + 1), unpriced: numberAt(numbers, at + 2) },
      ];
    }
  }
}

/** The sums over steps, asset by asset. */
export class Attribution {
  readonly #sums = new Map<Asset, { price: number; flow: number; unpriced: number }>();

  /** By asset, in the order in which they came. */
  get assets(): ReadonlyMap<Asset, Contribution> {
    return this.#sums;
  }

  add(asset: Asset, { price, flow, unpriced }: Contribution): void {
    const sum = this.#sums.get(asset) ?? { price: 0, flow: 0, unpriced: 0 };
    sum.price += price;
    sum.flow += flow;
    sum.unpriced += unpriced;
    this.#sums.set(asset, sum);
  }
}
