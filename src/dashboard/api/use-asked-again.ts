import { useEffect } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { useAsked, type Asked } from './use-asked.js';

const EVERY_MS = 10_000;

/**
 * Asks again a while after each answer: what others change, or what changes without a turn. A question
 * that is still awaited is not given up for the next one, which a busy server would answer as late.
 */
export function useAskedAgain<T, Variables extends AnyVariables>(
  query: TypedDocumentNode<T, Variables>,
  variables: Variables,
  everyMs = EVERY_MS,
): Asked<T> {
  const asked = useAsked(query, variables);
  const { again, isWaiting } = asked;
  useEffect(() => {
    if (isWaiting) return;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [again, isWaiting, everyMs]);
  return asked;
}
