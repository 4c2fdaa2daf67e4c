import type { CSSProperties } from 'react';
import { CycleWalletDocument, type WalletFiguresFragment } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { useTurn } from '../api/use-turn.js';
import { EmptyNote, ErrorNote, Waiting } from '../parts/notes.js';
import { show, useViewState } from '../use-view-state.js';
import './wallet.css';

type Balance = WalletFiguresFragment['balances'][number];

const amount = new Intl.NumberFormat('en', { maximumSignificantDigits: 8 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** What was held at a turn, and what it was worth. */
export function WalletView() {
  const { valueIn } = useViewState();
  const { turn } = useTurn();
  const { data, isWaiting, error, again } = useAsked(
    CycleWalletDocument,
    { turn: turn ?? 0, in: valueIn },
    turn === null,
  );
  const cycle = data?.cycle;
  const asset = valueIn ?? cycle?.config.quantBase ?? '';
  return (
    <section aria-labelledby="wallet-title">
      <h2 id="wallet-title">Wallet</h2>
      <Waiting is={isWaiting && !cycle} label="Loading the wallet" />
      {error && <ErrorNote error={error} again={again} />}
      {cycle && (
        <p className="tools">
          <label>
            Valued in{' '}
            <select value={asset} onChange={(event) => show({ valueIn: event.target.value })}>
              {cycle.symbols.includes(asset) || <option>{asset}</option>}
              {cycle.symbols.map((symbol) => (
                <option key={symbol}>{symbol}</option>
              ))}
            </select>
          </label>
        </p>
      )}
      {cycle?.wallet && <Holdings wallet={cycle.wallet} asset={asset} />}
      {data && !cycle && turn !== null && <EmptyNote title={`Turn ${turn} is not stored`} />}
    </section>
  );
}

function Holdings({
  wallet,
  asset,
}: {
  readonly wallet: WalletFiguresFragment;
  readonly asset: string;
}) {
  const { balances, value, unpriced, source } = wallet;
  const sorted = balances.toSorted((a, b) => (b.value ?? -1) - (a.value ?? -1));
  return (
    <>
      {source === 'PAPER' && (
        <p className="band" role="note">
          <strong>A paper wallet.</strong> Set in PAPER_WALLET: nothing that anybody owns.
        </p>
      )}
      {balances.length === 0 ? (
        <EmptyNote title="Nothing is held">
          <p>Every balance of the account is zero.</p>
        </EmptyNote>
      ) : (
        <>
          <p className="figure">
            <span className="big" data-testid="wallet-value">
              {value === null ? 'no price' : amount.format(value)}
            </span>{' '}
            {asset}
          </p>
          <Composition balances={sorted} total={value} />
          {unpriced.length > 0 && (
            <p className="note warning">
              Without a price in {asset}, and not counted: <strong>{unpriced.join(', ')}</strong>
            </p>
          )}
          <Balances balances={sorted} total={value} asset={asset} />
        </>
      )}
    </>
  );
}

/** The part that a balance has of the whole; null where it has no price. */
function shareOf({ value }: Balance, total: number | null): number | null {
  return value === null || !total ? null : value / total;
}

/** Parts of the whole as one bar. */
function Composition({
  balances,
  total,
}: {
  readonly balances: readonly Balance[];
  readonly total: number | null;
}) {
  const parts = balances.flatMap((balance) => {
    const share = shareOf(balance, total);
    return share !== null && share > 0 ? [{ asset: balance.asset, share }] : [];
  });
  if (parts.length === 0) return null;
  const words = parts.map(({ asset, share }) => `${asset} ${percent.format(share)}`).join(', ');
  return (
    <div className="composition" role="img" aria-label={`Composition: ${words}`}>
      {parts.map(({ asset, share }, index) => (
        <span
          key={asset}
          className={`part part-${index % 6}`}
          style={{ '--share': share } as CSSProperties}
          title={`${asset} ${percent.format(share)}`}
        >
          {share > 0.06 ? asset : ''}
        </span>
      ))}
    </div>
  );
}

function Balances({
  balances,
  total,
  asset,
}: {
  readonly balances: readonly Balance[];
  readonly total: number | null;
  readonly asset: string;
}) {
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="Balances">
      <table>
        <thead>
          <tr>
            <th scope="col">Asset</th>
            <th scope="col" className="number">
              Free
            </th>
            <th scope="col" className="number">
              Locked
            </th>
            <th scope="col" className="number">
              Total
            </th>
            <th scope="col" className="number">
              Value in {asset}
            </th>
            <th scope="col" className="number">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {balances.map((balance) => {
            const share = shareOf(balance, total);
            return (
              <tr key={balance.asset}>
                <th scope="row">{balance.asset}</th>
                <td className="number">{balance.free}</td>
                <td className="number">{balance.locked}</td>
                <td className="number">{balance.total}</td>
                <td className="number">
                  {balance.value === null ? 'no price' : amount.format(balance.value)}
                </td>
                <td className="number">{share === null ? '–' : percent.format(share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
