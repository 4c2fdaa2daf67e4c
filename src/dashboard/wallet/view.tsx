import {
  CycleWalletDocument,
  WalletAttributionDocument,
  type CycleWalletQuery,
} from '../../generated/operations.js';
import { useCourseRange } from '../api/use-course-range.js';
import { useFollowed } from '../api/use-followed.js';
import { useTurn } from '../api/use-turn.js';
import { EmptyNote, ErrorNote, NotStored, Waiting } from '../parts/notes.js';
import { ShownMoment } from '../parts/shown-moment.js';
import { useViewState } from '../use-view-state.js';
import { Headline } from './headline.js';
import { WalletHistory } from './history.js';
import { Holdings, type WalletNow } from './holdings.js';
import { ValueChoice } from './tools.js';
import './wallet.css';

type WalletCycle = NonNullable<CycleWalletQuery['cycle']>;

/** What is held at a turn, what it is worth, and how that came about. */
export function WalletView() {
  const { valueIn, valueAt } = useViewState();
  const { turn } = useTurn();
  const asked = useFollowed(
    CycleWalletDocument,
    turn === null ? null : { turn, in: valueIn, price: valueAt },
    false,
  );
  const { answer, isWaiting, error, again } = asked;
  const cycle = answer?.data.cycle ?? null;
  return (
    <section className="wallet" aria-labelledby="wallet-title">
      <div className="view-bar">
        <h2 id="wallet-title">Wallet</h2>
        {cycle && <ShownMoment observedAt={cycle.observedAt} turn={cycle.turn} />}
        {cycle && (
          <ValueChoice
            asset={valueIn ?? cycle.config.quantBase}
            symbols={cycle.symbols}
            price={valueAt}
          />
        )}
      </div>
      <Waiting is={isWaiting && !cycle} label="Loading the wallet" />
      {error && <ErrorNote error={error} again={again} />}
      {answer && !cycle && !error && <NotStored turn={answer.variables.turn} />}
      {answer && cycle?.wallet && (
        // What the answer is in, which need not yet be what was chosen.
        <WalletOf
          cycle={cycle}
          wallet={cycle.wallet}
          asset={answer.variables.in ?? cycle.config.quantBase}
        />
      )}
    </section>
  );
}

interface WalletOfProps {
  readonly cycle: WalletCycle;
  readonly wallet: WalletNow;
  /** What its values are in. */
  readonly asset: string;
}

function WalletOf({ cycle, wallet, asset }: WalletOfProps) {
  const { valueIn } = useViewState();
  const { asked, isLive } = useCourseRange();
  const growth = useFollowed(WalletAttributionDocument, asked && { in: valueIn, ...asked }, isLive);
  const { observedAt } = cycle;
  const isEmpty = wallet.balances.length === 0 && wallet.unpriced.length === 0;
  return (
    <>
      {isEmpty && <NothingHeld source={wallet.source} />}
      {!isEmpty && (
        <Headline
          value={wallet.value}
          asset={asset}
          ranged={growth.answer?.data.walletAttribution ?? null}
          observedAt={observedAt}
        />
      )}
      {wallet.source === 'PAPER' && (
        <p className="band" role="note">
          <strong>A paper wallet.</strong> Set in PAPER_WALLET: nothing that anybody owns.
        </p>
      )}
      {wallet.unpriced.length > 0 && <Unpriced wallet={wallet} asset={asset} />}
      {wallet.balances.length > 0 && <Holdings wallet={wallet} asset={asset} />}
      <WalletHistory growth={growth} observedAt={observedAt} />
    </>
  );
}

/** Why there is nothing, and what one can do. */
function NothingHeld({ source }: Pick<WalletNow, 'source'>) {
  return (
    <EmptyNote title="Nothing is held">
      {source === 'PAPER' ? (
        <p>
          PAPER_WALLET names what a paper wallet holds, for example{' '}
          <code>PAPER_WALLET=USDT:10000,BTC:0.1</code>. With keys of the exchange, the
          account&apos;s own balances are shown.
        </p>
      ) : (
        <p>Every balance of the account is zero.</p>
      )}
    </EmptyNote>
  );
}

function Unpriced({ wallet, asset }: { readonly wallet: WalletNow; readonly asset: string }) {
  return (
    <p className="note warning">
      Without a price in {asset}, and not counted: <strong>{wallet.unpriced.join(', ')}</strong>
    </p>
  );
}
