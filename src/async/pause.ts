import { setTimeout as delay } from 'node:timers/promises';

/** Waits; ends early, without a word, once the signal is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
