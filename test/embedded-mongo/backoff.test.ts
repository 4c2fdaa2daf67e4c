import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../src/embedded-mongo/backoff.js';

describe('the pauses between attempts', () => {
  it('double from 50 ms to 5 s, and begin again after a reset', () => {
    const backoff = createBackoff();
    const pauses = Array.from({ length: 9 }, () => backoff.next());
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    backoff.reset();
    expect(backoff.next()).toBe(50);
  });
});
