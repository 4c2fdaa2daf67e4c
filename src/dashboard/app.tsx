import { ErrorBoundary } from 'react-error-boundary';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useLive, useLiveFeed } from './api/use-live.js';
import { useTurn } from './api/use-turn.js';
import { MatrixView } from './matrix/view.js';
import { ConnectionState, ExchangeBand } from './parts/connection.js';
import { NextCycle } from './parts/next-cycle.js';
import { BrokenNote, EmptyNote, Waiting } from './parts/notes.js';
import { Scrubber } from './parts/scrubber.js';
import { ThemeChoice } from './parts/theme.js';
import { TokenForm } from './parts/token-form.js';
import { StatusView } from './status.js';
import { addressOf, show, useViewState } from './use-view-state.js';
import { VIEWS, type View } from './view-state.js';

const PairView = lazy(() => import('./pair/view.js').then((file) => ({ default: file.PairView })));
const WalletView = lazy(() =>
  import('./wallet/view.js').then((file) => ({ default: file.WalletView })),
);
const StrategyView = lazy(() =>
  import('./strategy/view.js').then((file) => ({ default: file.StrategyView })),
);

const VIEW_WORDS: Readonly<Record<View, string>> = {
  matrix: 'Matrices',
  pair: 'Pair',
  wallet: 'Wallet',
  strategy: 'Strategy',
  status: 'Status',
};

/** The whole page. */
export function App() {
  const { view, kind, turn } = useViewState();
  const feed = useLiveFeed();
  useEffect(() => {
    feed.want(view === 'matrix' && turn === null ? kind : null);
  }, [feed, view, kind, turn]);
  useEffect(() => {
    document.title = `${VIEW_WORDS[view]} – Dynamics`;
  }, [view]);
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <h1>Dynamics</h1>
        <nav aria-label="Views">
          {VIEWS.map((each) => (
            <a
              key={each}
              href={addressOf({ view: each })}
              aria-current={each === view ? 'page' : undefined}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                show({ view: each });
              }}
            >
              {VIEW_WORDS[each]}
            </a>
          ))}
        </nav>
        <NextCycle />
        <ConnectionState />
        <ThemeChoice />
      </header>
      <ExchangeBand />
      <main id="content" tabIndex={-1}>
        <ErrorBoundary FallbackComponent={BrokenNote} resetKeys={[view]}>
          <Suspense fallback={<Waiting is label="Loading the view" />}>
            <Content>{viewOf(view)}</Content>
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}

function viewOf(view: View): ReactNode {
  switch (view) {
    case 'matrix':
      return <MatrixView />;
    case 'pair':
      return <PairView />;
    case 'wallet':
      return <WalletView />;
    case 'strategy':
      return <StrategyView />;
    case 'status':
      return <StatusView />;
  }
}

/** A view, or what stands in its place while there is nothing to view. */
function Content({ children }: { readonly children: ReactNode }) {
  const { connection, latest, status } = useLive();
  const { view } = useViewState();
  const { turn } = useTurn();
  if (connection.state === 'REFUSED') {
    return <TokenForm reason="The server shows its figures to those with a token only." />;
  }
  if (!status) {
    if (connection.state !== 'LOST') return <Waiting is label="Connecting" />;
    return (
      <EmptyNote title="The server cannot be reached">
        <p>{connection.reason}</p>
        <p>This page tries again by itself.</p>
      </EmptyNote>
    );
  }
  if (view === 'status') return children;
  if (!latest || turn === null) return <FirstCycle />;
  return (
    <>
      {children}
      <Scrubber />
    </>
  );
}

function FirstCycle() {
  const { status } = useLive();
  const failure = status?.lastFailure ?? status?.lastSkipped;
  return (
    <EmptyNote title="No cycle is stored yet">
      <p>The first one shows up here by itself.</p>
      {failure && (
        <p className="fault">
          The last turn: {failure.message} ({failure.code})
        </p>
      )}
      <progress aria-label="Waiting for the first cycle" />
    </EmptyNote>
  );
}
