import type { Asset } from './asset.js';

/** Where balances come from: the exchange account, or the PAPER_WALLET setting. */
export type WalletSource = 'ACCOUNT' | 'PAPER';

/** One asset held. Amounts are exact decimal strings, as the exchange gives them. */
export interface Balance {
  readonly asset: Asset;
  readonly free: string;
  readonly locked: string;
}

/** What an account holds at one moment. Balances whose total is zero are left out. */
export interface Holdings {
  readonly source: WalletSource;
  readonly balances: readonly Balance[];
}
