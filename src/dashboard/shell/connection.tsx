import type { Live } from '../api/live-state.js';
import { useLive, useLiveFeed } from '../api/use-live.js';
import { useNow } from './use-now.js';

/** Without a cycle for so many intervals, something is wrong. */
const LATE_INTERVALS = 3;

/** How the connection stands, in plain words. */
export function ConnectionState() {
  const live = useLive();
  const feed = useLiveFeed();
  const now = useNow(1_000);
  const ageMs = live.latest
    ? Math.max(0, now - live.clockOffsetMs - Date.parse(live.latest.completedAt))
    : null;
  const { state, words, isOld } = describe(live, ageMs);
  return (
    <p className={`connection ${state}`}>
      <span className="dot" aria-hidden="true" />
      <span className="connection-words" title={words}>
        <span role="status">{words}</span>
        {/* Not in what is read out: that would be each second. */}
        {isOld && ageMs !== null && (
          <span aria-hidden="true"> {Math.round(ageMs / 1_000)} s old.</span>
        )}
      </span>
      {live.connection.state === 'LOST' && (
        <button type="button" className="small" onClick={() => feed.retry()}>
          Try now
        </button>
      )}
    </p>
  );
}

interface Described {
  readonly state: 'good' | 'waiting' | 'bad';
  readonly words: string;
  /** Whether what is shown should be newer. */
  readonly isOld?: boolean;
}

function describe({ connection, latest, status }: Live, ageMs: number | null): Described {
  switch (connection.state) {
    case 'CONNECTING':
      return { state: 'waiting', words: 'Connecting…' };
    case 'REFUSED':
      return { state: 'bad', words: 'No access.' };
    case 'LOST':
      return {
        state: 'bad',
        words: 'Connection lost. Trying again; nothing will be missed.',
        isOld: true,
      };
    case 'LIVE': {
      if (!latest || ageMs === null) {
        return { state: 'waiting', words: 'Waiting for the first cycle.' };
      }
      const interval = status?.cycleIntervalMs ?? Infinity;
      if (ageMs < LATE_INTERVALS * interval + 1_000) return { state: 'good', words: 'Live' };
      return { state: 'waiting', words: `No new cycle. ${reasonIn(status)}`.trim(), isOld: true };
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

/** Real prices need no words; all others can never be taken for real. */
const MADE_UP = {
  SIMULATED: { name: 'Simulated', about: 'A made-up market: nothing here is real.' },
  REPLAY: { name: 'Replayed', about: 'A recording: these prices are not of today.' },
  BINANCE: null,
} as const;

/** Which exchange the prices come from, null before that is known. */
export function useExchange(): keyof typeof MADE_UP | null {
  const { latest, status } = useLive();
  return latest?.exchange ?? status?.exchange.kind ?? null;
}

/** Where the prices come from, in the line that has its colour. */
export function ExchangeWords() {
  const exchange = useExchange();
  if (exchange === null) return null;
  const madeUp = MADE_UP[exchange];
  if (!madeUp) return <p className="exchange">Binance</p>;
  return (
    <p className="exchange" title={madeUp.about}>
      <strong>
        {madeUp.name}
        <span className="roomy"> prices.</span>
      </strong>{' '}
      <span className="hidden">{madeUp.about}</span>
    </p>
  );
}
