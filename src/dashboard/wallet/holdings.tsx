import type { CSSProperties } from 'react';
import type { CycleWalletQuery } from '../../generated/operations.js';
import { formatNumber } from '../format/numbers.js';
import { alignedAmounts } from './amounts.js';
import { decimalsOfWorth } from './worth.js';

export type WalletNow = NonNullable<NonNullable<CycleWalletQuery['cycle']>['wallet']>;
type Balance = WalletNow['balances'][number];

/** The part that a balance has of the whole, percent; null where it has no price. */
function shareOf({ value }: Balance, total: number | null): number | null {
  return value === null || !total ? null : (100 * value) / total;
}

/** What is held, the most worth first: as one bar, and as a table. */
export function Holdings({
  wallet,
  asset,
}: {
  readonly wallet: WalletNow;
  readonly asset: string;
}) {
  const sorted = wallet.balances.toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1));
  return (
    <>
      <Composition balances={sorted} total={wallet.value} />
      <BalanceTable balances={sorted} total={wallet.value} asset={asset} />
    </>
  );
}

interface Props {
  readonly balances: readonly Balance[];
  readonly total: number | null;
}

/** How many parts have a colour of their own. */
const COLOURS = 6;
/** A part that is narrower than that has no room for its name, percent. */
const LEAST_NAMED = 7;

/** Parts of the whole as one bar. */
function Composition({ balances, total }: Props) {
  const parts = balances.flatMap((balance) => {
    const share = shareOf(balance, total);
    return share !== null && share > 0 ? [{ asset: balance.asset, share }] : [];
  });
  if (parts.length === 0) return null;
  const words = parts.map(({ asset, share }) => `${asset} ${formatNumber(share, 1)} %`);
  return (
    <div className="composition" role="img" aria-label={`Composition: ${words.join(', ')}`}>
      {parts.map(({ asset, share }, index) => (
        <span
          key={asset}
          className={`part part-${index % COLOURS}`}
          style={{ '--share': share } as CSSProperties}
          title={words[index]}
        >
          {share >= LEAST_NAMED ? asset : ''}
        </span>
      ))}
    </div>
  );
}

function BalanceTable({ balances, total, asset }: Props & { readonly asset: string }) {
  const decimals = decimalsOfWorth([total]);
  const columns = {
    free: alignedAmounts(balances.map(({ free }) => free)),
    locked: alignedAmounts(balances.map(({ locked }) => locked)),
    total: alignedAmounts(balances.map((balance) => balance.total)),
  };
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="Balances">
      <table className="balances">
        <thead>
          <tr>
            <th scope="col">Asset</th>
            {['Share, %', `Worth, ${asset}`, 'Held', 'Free', 'In orders'].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {balances.map((balance, index) => (
            <tr key={balance.asset}>
              <th scope="row">{balance.asset}</th>
              <td className="number">{formatNumber(shareOf(balance, total), 1)}</td>
              <td className="number">
                {balance.value === null ? 'no price' : formatNumber(balance.value, decimals)}
              </td>
              <td className="number amount">{columns.total[index]}</td>
              <td className="number amount">{columns.free[index]}</td>
              <td className="number amount">{columns.locked[index]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
