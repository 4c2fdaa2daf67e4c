import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { underAny } from '../../../src/exchange/binance/under-any.js';

const untilEnd = (ended: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    const end = (): void => resolve(ended.reason);
    if (ended.aborted) end();
    else ended.addEventListener('abort', end);
  });

describe('work under the first of some signals', () => {
  it.each([0, 1])('ends with each of them, before and after it has begun (%i)', async (at) => {
    const before = [new AbortController(), new AbortController()];
    before[at]?.abort('before');
    const signals = before.map(({ signal }) => signal);
    expect(await underAny(signals, untilEnd)).toBe('before');
    const after = [new AbortController(), new AbortController()];
    const ended = underAny(
      after.map(({ signal }) => signal),
      untilEnd,
    );
    after[at]?.abort('after');
    expect(await ended).toBe('after');
  });

  it('leaves nothing behind with those that last longer, whatever comes of it', async () => {
    const { signal } = new AbortController();
    expect(await underAny([signal], () => Promise.resolve(7))).toBe(7);
    const failing = underAny([signal], () => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
