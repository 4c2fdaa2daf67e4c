import type { AnyVariables, Client, Exchange, OperationResult, TypedDocumentNode } from 'urql';
import { filter, pipe, subscribe, take, tap } from 'wonka';

/**
 * Sends a question once, however many parts of the page ask it before it is answered. What is asked after
 * a mutation is sent all the same: what was under way before or beside it may be answered as it was before.
 */
export const sharedInFlight: Exchange =
  ({ forward }) =>
  (operations) => {
    const underWay = new Set<number>();
    return pipe(
      operations,
      filter(({ kind, key }) => {
        if (kind === 'mutation') underWay.clear();
        if (kind === 'teardown') underWay.delete(key);
        if (kind !== 'query') return true;
        const isFirst = !underWay.has(key);
        underWay.add(key);
        return isFirst;
      }),
      forward,
      tap(({ operation: { kind, key } }) => {
        if (kind === 'mutation') underWay.clear();
        else underWay.delete(key);
      }),
    );
  };

/**
 * Asks something once. Where the signal is aborted first, there is no answer ever; and unless another part of the
 * page waits for it, the request is taken back, so that the server does not work it out for nobody.
 */
export function askUntil<T, Variables extends AnyVariables>(
  signal: AbortSignal,
  client: Client,
  query: TypedDocumentNode<T, Variables>,
  variables: Variables,
): Promise<OperationResult<T, Variables>> {
  return new Promise((resolve) => {
    const asking = pipe(
      client.query(query, variables),
      filter(({ stale, hasNext }) => !stale && !hasNext),
      take(1),
      subscribe(resolve),
    );
    const end = (): void => asking.unsubscribe();
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
