import { useCallback, useEffect, useState } from 'react';
import { useQuery, type AnyVariables, type CombinedError, type TypedDocumentNode } from 'urql';
import { Backoff } from '../../client/backoff.js';
import { isPassing } from './client.js';

/** What is known of something that is asked of the server. */
export interface Asked<T, Variables = unknown> {
  /** The newest answer; while the next one is awaited, the one before stays. */
  readonly data: T | null;
  /** What that is the answer to; null while there is none. */
  readonly of: Variables | null;
  readonly isWaiting: boolean;
  readonly error: CombinedError | undefined;
  readonly again: () => void;
}

/** What was not answered for a reason that passes is asked again no later than so, milliseconds. */
const LONGEST_AGAIN_MS = 60_000;

/** Asks the server something until it answers, and shows the last answer until the next one is there. */
export function useAsked<T, Variables extends AnyVariables>(
  query: TypedDocumentNode<T, Variables>,
  variables: Variables,
  isPaused = false,
): Asked<T, Variables> {
  const [{ data, fetching, error, operation }, execute] = useQuery({
    query,
    variables,
    pause: isPaused,
  });
  const [last, setLast] = useState<{ readonly data: T; readonly of: Variables } | null>(null);
  if (data !== undefined && data !== last?.data && !fetching && operation) {
    setLast({ data, of: operation.variables });
  }
  const again = useCallback(() => execute(), [execute]);
  const [backoff] = useState(() => new Backoff(LONGEST_AGAIN_MS));
  const isFailed = !isPaused && error !== undefined && isPassing(error);
  useEffect(() => {
    if (fetching) return;
    if (!isFailed) return backoff.succeeded();
    // What was not answered in time is no good connection, however long that took.
    backoff.begin();
    const timer = setTimeout(() => execute(), backoff.failed());
    return () => clearTimeout(timer);
  }, [fetching, isFailed, execute, backoff]);
  return {
    data: last?.data ?? null,
    of: last?.of ?? null,
    isWaiting: fetching,
    error,
    again,
  };
}
