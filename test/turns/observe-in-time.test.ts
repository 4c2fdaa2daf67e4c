import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { observeInTime } from '../../src/market/observe-in-time.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';

const never = new Promise<never>(() => undefined);

describe('an observation', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('that the market never ends is a failure after a minute, and the next one begins', async () => {
    const market = new ScriptedMarket((n) => (n === 1 ? never : observed(frameAt(n))));
    const { signal } = new AbortController();
    const first = observeInTime(market, { after: null }, signal);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(await first).toEqual({
      ok: false,
      failure: { code: 'EXCHANGE_TIMEOUT', message: 'no answer within 60 s' },
    });
    expect(await observeInTime(market, { after: null }, signal)).toMatchObject({ ok: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends when it is told to, whether the market listens or not', async () => {
    const attempt = new AbortController();
    const deaf = observeInTime(new ScriptedMarket(() => never), { after: null }, attempt.signal);
    await vi.advanceTimersByTimeAsync(100);
    attempt.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await deaf).toMatchObject({ failure: { message: 'the attempt was ended' } });
  });
});
