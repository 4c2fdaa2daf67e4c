/**
 * An iterator whose end, as graphql-ws asks for it when a client goes, also ends the wait for the
 * next item.
 */
export function abortable<T>(
  follow: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncIterableIterator<T> {
  const abort = new AbortController();
  const items = follow(abort.signal);
  return {
    next: () => items.next(),
    throw: (error: unknown) => {
      abort.abort();
      return items.throw(error);
    },
    return: () => {
      abort.abort();
      return items.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
