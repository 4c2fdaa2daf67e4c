import { useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { AlertFiringsDocument } from '../../generated/operations.js';
import { wordsOf } from '../api/client.js';
import type { Firing } from './firings.js';
import { FiringMoment } from './firing-moment.js';
import { seenFiring } from './seen.js';
import { unseenOf } from './unseen.js';
import { useFirings } from './use-firings.js';
import { conditionWords, givenNumber, lineWords, valueWords } from './words.js';

const PAGE = 50;

/** What rules have fired, the newest first, as it comes. */
export function FiringList() {
  const { newest, olderAfter } = useFirings();
  const older = useOlder(olderAfter);
  const unseen = useUnseenOnArrival(newest);
  if (newest === null) return <p className="quiet">Reading what has fired…</p>;
  const firings = [...newest, ...older.firings];
  return (
    <>
      {firings.length === 0 && (
        <p className="quiet">No rule has fired yet. What fires shows up here by itself.</p>
      )}
      <ol className="firings" aria-label="Firings" aria-live="polite" aria-relevant="additions">
        {firings.map((firing) => (
          <FiringRow key={firing.id} firing={firing} isNew={unseen.has(firing.id)} />
        ))}
      </ol>
      {older.fault && <p className="fault">{older.fault}</p>}
      {older.read && (
        <button type="button" disabled={older.isReading} onClick={older.read}>
          {older.isReading ? 'Reading…' : 'Older ones'}
        </button>
      )}
    </>
  );
}

function FiringRow({ firing, isNew }: { readonly firing: Firing; readonly isNew: boolean }) {
  const { alert, value, version } = firing;
  return (
    <li>
      <FiringMoment firing={firing} />
      {isNew && <span className="badge">new</span>}
      <span className="firing-value">
        {alert ? valueWords(alert.line, value) : givenNumber(value)}
      </span>
      <span className="firing-words">
        {alert ? (
          <>
            <strong>{alert.name}</strong>{' '}
            <span className="quiet">
              {lineWords(alert.line)} {conditionWords(alert.condition, alert.line)}
              {version !== alert.version && `, as it is since (it was version ${version})`}
            </span>
          </>
        ) : (
          <span className="quiet">a rule that was deleted since</span>
        )}
      </span>
    </li>
  );
}

/** Those that had not been shown before this list was; with it, they have. */
function useUnseenOnArrival(newest: readonly Firing[] | null): ReadonlySet<string> {
  const [seenBefore] = useState(seenFiring.get);
  const first = newest?.[0];
  useEffect(() => {
    if (!first) return;
    const mark = (): void => {
      if (!document.hidden) seenFiring.set(first);
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [first]);
  return new Set(unseenOf(newest ?? [], seenBefore).map(({ id }) => id));
}

interface Older {
  readonly firings: readonly Firing[];
  readonly isReading: boolean;
  readonly fault: string | null;
  /** Reads a page more; null where there is none. */
  readonly read: (() => void) | null;
}

/** The firings before those that the page has read already, page by page. */
function useOlder(olderAfter: string | null): Older {
  const client = useClient();
  const [firings, setFirings] = useState<readonly Firing[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const [isReading, setReading] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const begun = useRef(olderAfter);
  useEffect(() => {
    if (begun.current === olderAfter) return;
    // The list began anew.
    begun.current = olderAfter;
    setFirings([]);
    setNext(undefined);
  }, [olderAfter]);
  const cursor = next === undefined ? olderAfter : next;
  const read = async (): Promise<void> => {
    const of = begun.current;
    setReading(true);
    const { data, error } = await client.query(AlertFiringsDocument, {
      first: PAGE,
      after: cursor,
    });
    setReading(false);
    if (begun.current !== of) return;
    setFault(error ? wordsOf(error) : null);
    const page = data?.alertFirings;
    if (!page) return;
    setFirings((before) => [...before, ...page.nodes]);
    setNext(page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null);
  };
  return { firings, isReading, fault, read: cursor === null ? null : () => void read() };
}
