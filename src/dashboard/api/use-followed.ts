import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useClient, type AnyVariables, type CombinedError, type TypedDocumentNode } from 'urql';
import { useLive } from './use-live.js';

/** However quickly turns come, the same is not asked for more often than that, milliseconds. */
const PAUSE_MS = 1_000;
/** Nor for more than this part of the time, whatever an answer takes. */
const SHARE = 1 / 4;
/** Whatever is drawn, as a range is, is asked for once it stands still for so long, milliseconds. */
const STILL_MS = 100;
/** It does not wait longer than that for it. */
const LONGEST_MS = 500;
/** So many are under way at a time: however quickly variables change, a slow server is not flooded. */
const MOST_AT_ONCE = 2;
const ALWAYS_ASKS = { requestPolicy: 'network-only' } as const;

/** An answer, with what it answers: a unit of one goes with the numbers of the same. */
export interface Answer<T, Variables> {
  readonly data: T;
  readonly variables: Variables;
}

/** What is known of something that is asked for again and again. */
export interface Followed<T, Variables> {
  /** The newest answer; while one to other variables is awaited, the one before stays. */
  readonly answer: Answer<T, Variables> | null;
  /** Whether there is no answer to these variables yet. */
  readonly isWaiting: boolean;
  readonly error: CombinedError | undefined;
  readonly again: () => void;
}

interface Known<T, Variables> {
  readonly answer: Answer<T, Variables> | null;
  readonly error: CombinedError | undefined;
  /** What was answered last, well or not. */
  readonly key: string | null;
  /** The newest turn when that was asked for. */
  readonly turn: number;
}

/**
 * Asks the server something, and again after each turn.
 * @param variables null asks nothing
 * @param follows whether the answer may change with the next turn
 */
export function useFollowed<T, Variables extends AnyVariables>(
  query: TypedDocumentNode<T, Variables>,
  variables: Variables | null,
  follows: boolean,
): Followed<T, Variables> {
  const client = useClient();
  const { latest } = useLive();
  const key = variables && JSON.stringify(variables);
  const newest = latest?.turn ?? 0;
  const [known, setKnown] = useState<Known<T, Variables>>({
    answer: null,
    error: undefined,
    key: null,
    turn: 0,
  });
  const restUntil = useRef(0);
  /** What is under way: how many were asked for, the newest of them, and the newest with an answer. */
  const asking = useRef({ count: 0, open: 0, key: null as string | null, answered: 0 });
  /** Since when something else is wanted: what never stands still is asked for all the same. */
  const otherSince = useRef(0);
  const isOld = key !== null && (known.key !== key || (follows && known.turn < newest));
  const isOther = known.key !== key;
  const newestNow = useEffectEvent(() => newest);

  useEffect(() => {
    if (!isOld || key === null || asking.current.key === key) return;
    if (asking.current.open >= MOST_AT_ONCE) return;
    const ask = async (): Promise<void> => {
      const number = ++asking.current.count;
      asking.current.open++;
      asking.current.key = key;
      otherSince.current = 0;
      const [begun, turn] = [performance.now(), newestNow()];
      const variables = JSON.parse(key) as Variables;
      const { data, error } = await client.query(query, variables, ALWAYS_ASKS);
      const now = performance.now();
      restUntil.current = now + Math.max(PAUSE_MS, (now - begun) / SHARE);
      asking.current.open--;
      if (asking.current.count === number) asking.current.key = null;
      // However quickly variables change, some answer is shown; but none after one to later ones.
      if (number < asking.current.answered) return setKnown((before) => ({ ...before }));
      asking.current.answered = number;
      setKnown((before) => ({
        answer: data ? { data, variables } : before.answer,
        error,
        key,
        turn,
      }));
    };
    const rest = Math.max(0, restUntil.current - performance.now());
    otherSince.current ||= performance.now();
    const isLong = performance.now() - otherSince.current > LONGEST_MS;
    const wait = isOther ? (known.key === null || isLong ? 0 : STILL_MS) : rest;
    const timer = setTimeout(() => void ask(), wait);
    return () => clearTimeout(timer);
    // A newer turn, while an answer is under way, is asked for once that is there.
  }, [client, query, key, isOld, isOther, known]);

  const again = useCallback(() => {
    restUntil.current = 0;
    setKnown((before) => ({ ...before, error: undefined, key: null }));
  }, []);
  return { answer: known.answer, isWaiting: isOther && key !== null, error: known.error, again };
}
