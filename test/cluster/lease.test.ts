import { expect, it } from 'vitest';
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
