import { useEffect } from 'react';
import type { AnyVariables, TypedDocumentNode } from 'urql';
import { useAsked, type Asked } from '../api/use-cycle.js';

const EVERY_MS = 10_000;

/** Asks again and again: what an operator looks at changes without a turn. */
export function useAskedAgain<T, Variables extends AnyVariables>(
  query: TypedDocumentNode<T, Variables>,
  variables: Variables,
  everyMs = EVERY_MS,
): Asked<T> {
  const asked = useAsked(query, variables);
  const { again } = asked;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, everyMs);
    return () => clearInterval(timer);
  }, [again, everyMs]);
  return asked;
}
