/**
 * Does something under a signal that is aborted with the first of some. Those that last longer keep nothing of it, as
 * they would of each `AbortSignal.any` that is made of them.
 */
export async function underAny<T>(
  signals: readonly AbortSignal[],
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const end = (): void => ended.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) signal.addEventListener('abort', end);
  try {
    if (signals.some(({ aborted }) => aborted)) end();
    return await work(ended.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', end);
  }
}
