import { useEffect, useState } from 'react';
import type { Live } from '../api/live-state.js';
import { useLive, useLiveFeed } from '../api/use-live.js';

/** The present time, again and again; still while nobody looks. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Without a cycle for so many intervals, something is wrong. */
const LATE_INTERVALS = 3;

/** How the connection stands, in plain words. */
export function ConnectionState() {
  const live = useLive();
  const feed = useLiveFeed();
  const now = useNow(1_000);
  const { state, words } = describe(live, now);
  return (
    <p className={`connection ${state}`}>
      <span className="dot" aria-hidden="true" />
      <span role="status">{words}</span>
      {live.connection.state === 'LOST' && (
        <button type="button" onClick={() => feed.retry()}>
          Try now
        </button>
      )}
    </p>
  );
}

function describe(
  { connection, latest, status, clockOffsetMs }: Live,
  now: number,
): { readonly state: 'good' | 'waiting' | 'bad'; readonly words: string } {
  switch (connection.state) {
    case 'CONNECTING':
      return { state: 'waiting', words: 'Connecting…' };
    case 'REFUSED':
      return { state: 'bad', words: 'The server wants a token.' };
    case 'LOST':
      return { state: 'bad', words: 'Connection lost. Trying again; nothing will be missed.' };
    case 'LIVE': {
      if (!latest) return { state: 'waiting', words: 'Waiting for the first cycle.' };
      const age = now - clockOffsetMs - Date.parse(latest.completedAt);
      const interval = status?.cycleIntervalMs ?? Infinity;
      if (age < LATE_INTERVALS * interval + 1_000) return { state: 'good', words: 'Live' };
      const seconds = Math.round(age / 1_000);
      return { state: 'waiting', words: `No cycle for ${seconds} s. ${reasonIn(status)}` };
    }
  }
}

function reasonIn(status: Live['status']): string {
  if (!status) return '';
  const { lastSkipped, lastFailure, latestCycleAt } = status;
  const last = [lastSkipped, lastFailure]
    .filter((failure) => failure !== null)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
  if (!last || (latestCycleAt && Date.parse(last.at) < Date.parse(latestCycleAt))) return '';
  return `The last turn: ${last.message}.`;
}

/** Real prices need no band; all others can never be taken for real. */
export function ExchangeBand() {
  const { latest, status } = useLive();
  const exchange = latest?.exchange ?? status?.exchange.kind;
  switch (exchange) {
    case 'SIMULATED':
      return (
        <aside className="band" aria-label="Exchange">
          <strong>Simulated prices.</strong> A made-up market: nothing here is real.
        </aside>
      );
    case 'REPLAY':
      return (
        <aside className="band" aria-label="Exchange">
          <strong>Replayed prices.</strong> A recording: these prices are not of today.
        </aside>
      );
    default:
      return null;
  }
}
