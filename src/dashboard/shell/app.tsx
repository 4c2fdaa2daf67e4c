import { useEffect } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { unauthenticated } from '../api/refusal.js';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import { FirstMinute } from '../help/first-minute.js';
import { InspectorPane } from '../inspector/pane.js';
import { BrokenNote, EmptyNote, Waiting } from '../parts/notes.js';
import { TokenForm } from '../parts/token-form.js';
import { StrengthPane } from '../strength/pane.js';
import { WalletSummary } from '../wallet/summary.js';
import { Scrubber } from '../time/scrubber.js';
import { useViewState } from '../use-view-state.js';
import { Settings } from './settings.js';
import { TopLine } from './top-line.js';
import { VIEW_ROWS } from './views.js';
import { Workspace } from './workspace.js';

/** The whole page. */
export function App() {
  const { view } = useViewState();
  const { latest } = useLive();
  useEffect(() => {
    document.title = `${VIEW_ROWS[view].words} – Dynamics`;
  }, [view]);
  useEarlyPair();
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <TopLine />
      <Workspace
        strength={
          latest && (
            <>
              <StrengthPane />
              <WalletSummary />
            </>
          )
        }
        inspector={latest && <InspectorPane />}
        time={latest && <Scrubber />}
      >
        <ErrorBoundary FallbackComponent={BrokenNote} resetKeys={[view]}>
          <Content />
        </ErrorBoundary>
      </Workspace>
      <Settings />
    </>
  );
}

/** A pair is what most often follows the matrices: its view is loaded once the page has nothing to do. */
function useEarlyPair(): void {
  const { view } = useViewState();
  const { connection, latest } = useLive();
  const isDue = view === 'matrix' && connection.state === 'LIVE' && latest !== null;
  useEffect(() => {
    // Safari does not say when it has nothing to do.
    if (!isDue || !('requestIdleCallback' in window)) return;
    const waiting = requestIdleCallback(() => {
      if (navigator.onLine) VIEW_ROWS.pair.early?.();
    });
    return () => cancelIdleCallback(waiting);
  }, [isDue]);
}

/** The view, or what stands in its place while there is nothing to view. */
function Content() {
  const { connection, latest, status } = useLive();
  const { view } = useViewState();
  const { turn } = useTurn();
  const { View, needsCycle } = VIEW_ROWS[view];
  if (connection.state === 'REFUSED') {
    return <TokenForm refusal={unauthenticated(connection.reason)} />;
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
  if (needsCycle && (!latest || turn === null)) return <FirstMinute />;
  return <View />;
}
