import type { MarketSource, ObservationRequest, ObservationResult } from './market-port.js';

/** How long one observation may take, with all its calls, milliseconds. */
const LONGEST_MS = 60_000;
/** How long a market may take to end once it is told to, milliseconds. */
const GRACE_MS = 1_000;

/**
 * Observes once. It has an end, also where the market has none: one that is not done in time, or
 * does not stop when the signal is aborted, has not answered.
 */
export function observeInTime(
  market: Pick<MarketSource, 'observe'>,
  from: Omit<ObservationRequest, 'signal'>,
  signal: AbortSignal,
): Promise<ObservationResult> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    let grace: NodeJS.Timeout | undefined;
    const end = (message: string): void => {
      ended.abort();
      grace ??= setTimeout(() => {
        cleanUp();
        resolve({ ok: false, failure: { code: 'EXCHANGE_TIMEOUT', message } });
      }, GRACE_MS);
    };
    const onAbort = (): void => end('the attempt was ended');
    const deadline = setTimeout(() => end(`no answer within ${LONGEST_MS / 1000} s`), LONGEST_MS);
    const cleanUp = (): void => {
      clearTimeout(deadline);
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    market.observe({ ...from, signal: ended.signal }).then(
      (result) => (cleanUp(), resolve(result)),
      (error: unknown) => (cleanUp(), reject(error as Error)),
    );
  });
}
