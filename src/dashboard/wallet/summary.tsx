import { WalletSummaryDocument, type WalletSummaryQuery } from '../../generated/operations.js';
import { useFollowed } from '../api/use-followed.js';
import { useTurn } from '../api/use-turn.js';
import { useZone } from '../format/moments.js';
import { formatNumber, formatPercent } from '../format/numbers.js';
import { useMomentOfTurn } from '../pair/use-gaps.js';
import { ViewLink } from '../shell/view-link.js';
import { useViewState } from '../use-view-state.js';
import { gainPercent, growthOf, sinceMidnight } from './growth.js';
import { decimalsOfWorth } from './worth.js';
import './summary.css';

/** The wallet and the lead in three lines: worth, what the market did to it today, who leads. */
export function WalletSummary() {
  const { valueIn } = useViewState();
  const { turn, isLive } = useTurn();
  const { at } = useMomentOfTurn();
  const zone = useZone();
  // From midnight of the day of what is looked at, which in a replay is the recording's.
  const today = at === null ? null : sinceMidnight(new Date(at).toISOString(), zone, isLive);
  const { answer } = useFollowed(
    WalletSummaryDocument,
    today && turn !== null ? { turn, in: valueIn, ...today } : null,
    false,
  );
  const cycle = answer?.data.cycle;
  if (!answer || !cycle?.wallet) return null;
  const { wallet, aux, config } = cycle;
  const isEmpty = wallet.balances.length === 0 && wallet.unpriced.length === 0;
  return (
    <dl className="wallet-summary">
      <div>
        <dt>
          <ViewLink to="wallet">{wallet.source === 'PAPER' ? 'Paper wallet' : 'Wallet'}</ViewLink>
        </dt>
        <dd>
          {isEmpty ? (
            <span className="quiet">nothing held</span>
          ) : (
            <Worth value={wallet.value} asset={answer.variables.in ?? config.quantBase} />
          )}
        </dd>
      </div>
      {!isEmpty && <Today attribution={answer.data.walletAttribution} />}
      <div>
        <dt>
          <ViewLink to="strategy">Lead</ViewLink>
        </dt>
        <dd>
          {aux.leadQuant ?? '–'}
          {aux.imprint !== null && (
            <span title="Its price over that when it took the lead">
              {' '}
              ×{formatNumber(aux.imprint, 4)}
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Worth({ value, asset }: { readonly value: number | null; readonly asset: string }) {
  if (value === null) return <span className="quiet">no price in {asset}</span>;
  return (
    <>
      {formatNumber(value, decimalsOfWorth([value]))} <span className="unit">{asset}</span>
    </>
  );
}

function Today({ attribution }: { readonly attribution: WalletSummaryQuery['walletAttribution'] }) {
  const percent = attribution && gainPercent(attribution);
  const price = attribution && growthOf(attribution.total).price;
  return (
    <div>
      <dt>Today</dt>
      <dd title="What the market did since 00:00, without what came or went">
        {percent === null || percent === undefined
          ? formatNumber(price ?? null, 2, { signed: true })
          : `${formatPercent(percent)} %`}
      </dd>
    </div>
  );
}
