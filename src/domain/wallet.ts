import type { Asset } from './asset.js';
import { addDecimals, isZero, type Decimal } from './decimal.js';

/** Where balances come from: the exchange account, or the PAPER_WALLET setting. */
export type WalletSource = 'ACCOUNT' | 'PAPER';

/** One asset held. Amounts are exact decimal strings, as the exchange gives them. */
export interface Balance {
  readonly asset: Asset;
  readonly free: Decimal;
  readonly locked: Decimal;
}

/** What an account holds at one moment. Balances whose total is zero are left out. */
export interface Holdings {
  readonly source: WalletSource;
  readonly balances: readonly Balance[];
  /** Assets whose amounts could not be read; absent where all could. */
  readonly unreadable?: readonly Asset[];
}

/** Leaves out the balances whose total is zero. */
export function nonZero(balances: readonly Balance[]): Balance[] {
  return balances.filter(({ free, locked }) => !isZero(free) || !isZero(locked));
}

/** Free and locked together, exact. */
export function totalOf({ free, locked }: Balance): Decimal {
  return addDecimals(free, locked);
}

/** Amounts as numbers: balances stay the same from turn to turn, and decimals are dear to add. */
export class Amounts {
  readonly #known = new Map<Asset, Balance & { readonly amount: number }>();

  of(balance: Balance): number {
    const { asset, free, locked } = balance;
    const known = this.#known.get(asset);
    if (known && known.free === free && known.locked === locked) return known.amount;
    const amount = Number(totalOf(balance));
    this.#known.set(asset, { asset, free, locked, amount });
    return amount;
  }
}

/** The rate of an asset in the one that it is valued in; null where there is none. */
export type RateOf = (asset: Asset) => number | null;

/** `Number(total) * rate`, units of what it is valued in; null where the asset has no rate. */
export function balanceValue(balance: Balance, rateOf: RateOf): number | null {
  const rate = rateOf(balance.asset);
  return rate === null ? null : Number(totalOf(balance)) * rate;
}

/**
 * The sum over what has a rate, in units of what it is valued in: 0 for an empty wallet, null when
 * nothing can be priced.
 */
export function walletValue(holdings: Holdings, rateOf: RateOf): number | null {
  return sumOfPriced(holdings, (balance) => balanceValue(balance, rateOf));
}

/** The same by the value of each balance, null where it cannot be priced. */
export function sumOfPriced(
  { balances, unreadable = [] }: Holdings,
  valueOf: (balance: Balance) => number | null,
): number | null {
  const priced = balances.map(valueOf).filter((value) => value !== null);
  if (balances.length + unreadable.length > 0 && priced.length === 0) return null;
  return priced.reduce((sum, value) => sum + value, 0);
}

/**
 * The assets held that are not counted: without a rate, those outside the universe too,
 * or with an amount that could not be read.
 */
export function unpricedAssets({ balances, unreadable = [] }: Holdings, rateOf: RateOf): Asset[] {
  const unpriced = balances.filter(({ asset }) => rateOf(asset) === null).map(({ asset }) => asset);
  return [...unpriced, ...unreadable];
}
