import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Autonomy } from '../../src/durability/autonomy.js';
import { Lease } from '../../src/cluster/lease.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { type LeaseStore } from '../../src/cluster/lease-store.js';

const away: LeaseStore = {
  take: () => Promise.reject(new DatabaseUnavailableError('the database is not reachable')),
  drop: () => Promise.resolve(),
};

function startedFrom(checkpointAt: number | null, aloneForMs = 60_000) {
  const autonomy = new Autonomy({ aloneForMs, checkpointAt });
  const lease = new Lease({ store: away, holder: 'one', isGone: () => false, autonomy });
  return { autonomy, lease };
}

it('an instance goes on alone where the one before it was alone, and for what was left to that one', async () => {
  const recent = startedFrom(Date.now() - 30_000);
  expect(recent.autonomy.mayGoOn).toBe(true);
  expect(await recent.lease.take()).toMatchObject({ state: 'ALONE' });
  // So a restart does not begin the time anew.
  expect(Math.abs(recent.autonomy.contactAt - (Date.now() - 30_000))).toBeLessThan(20_000);
  const old = startedFrom(Date.now() - 61_000);
  expect(old.autonomy.mayGoOn).toBe(false);
  await expect(old.lease.take()).rejects.toThrow(/for as long as ALONE_FOR_MS allows/);
});

it('an instance does not go on alone where it is told not to, or others may be there', async () => {
  await expect(startedFrom(Date.now(), 0).lease.take()).rejects.toThrow(/ALONE_FOR_MS/);
  await expect(startedFrom(null).lease.take()).rejects.toThrow(/^the database is not reachable$/);
});

describe('the time of a lease', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A lease whose store takes so long to answer. */
  function answeredAfter(ms: number) {
    const autonomy = new Autonomy({ aloneForMs: 60_000 });
    const store: LeaseStore = {
      take: async () => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return { state: 'OURS', isNew: true, isAlone: true };
      },
      drop: () => Promise.resolve(),
    };
    const lease = new Lease({ store, holder: 'one', isGone: () => false, autonomy });
    onTestFinished(() => lease.release());
    return { lease, autonomy };
  }

  it('counts from when it was asked for: the database may have begun to count then', async () => {
    const { lease } = answeredAfter(2_000);
    const taken = lease.take();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await taken).toEqual({ state: 'LEADING', isNew: true });
    await vi.advanceTimersByTimeAsync(900);
    expect(lease.isHeld).toBe(true);
    // Three seconds after the question, one after the answer.
    await vi.advanceTimersByTimeAsync(100);
    expect(lease.isHeld).toBe(false);
  });

  it('is over before an answer that took longer, and so is the contact that it tells of', async () => {
    const { lease, autonomy } = answeredAfter(3_500);
    const askedAt = Date.now();
    const taken = lease.take();
    await vi.advanceTimersByTimeAsync(3_500);
    await taken;
    expect(lease.isHeld).toBe(false);
    expect(autonomy.contactAt).toBeCloseTo(askedAt, 0);
  });
});
