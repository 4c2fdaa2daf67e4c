import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atWallTime } from '../../src/subscriptions/expiry.js';

const DAY = 86_400_000;

describe('a moment of wall time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([0, 1, 24, 25, 30, 100])('is waited for over %i days, not less', (days) => {
    const called = vi.fn();
    atWallTime(Date.now() + days * DAY + 500, called);
    vi.advanceTimersByTime(days * DAY + 499);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(called).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(DAY);
    expect(called).toHaveBeenCalledTimes(1);
  });

  it('comes sooner or later where the wall clock is set', () => {
    const sooner = vi.fn();
    const later = vi.fn();
    atWallTime(Date.now() + DAY, sooner);
    vi.setSystemTime(Date.now() + DAY);
    vi.advanceTimersByTime(60_000);
    expect(sooner).toHaveBeenCalledTimes(1);
    atWallTime(Date.now() + 30_000, later);
    vi.setSystemTime(Date.now() - DAY);
    vi.advanceTimersByTime(DAY);
    expect(later).not.toHaveBeenCalled();
    vi.advanceTimersByTime(30_000);
    expect(later).toHaveBeenCalledTimes(1);
  });

  it('is no longer waited for once nobody wants it', () => {
    const called = vi.fn();
    const forget = atWallTime(Date.now() + 30 * DAY, called);
    vi.advanceTimersByTime(DAY);
    forget();
    vi.advanceTimersByTime(40 * DAY);
    expect(called).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
