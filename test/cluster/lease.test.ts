import { expect, it } from 'vitest';
import { Lease } from '../../src/cluster/lease.js';
import { DatabaseUnavailableError } from '../../src/history/database-unavailable.js';
import { type LeaseStore } from '../../src/cluster/lease-store.js';

const away: LeaseStore = {
  take: () => Promise.reject(new DatabaseUnavailableError('the database is not reachable')),
  drop: () => Promise.resolve(),
};

const leaseSince = (aloneSince: number | null, aloneForMs = 60_000) =>
  new Lease({ store: away, holder: 'one', isGone: () => false, aloneForMs, aloneSince });

it('an instance goes on alone where the one before it was alone, and for what was left to that one', async () => {
  const recent = leaseSince(Date.now() - 30_000);
  expect(recent.mayGoOnAlone).toBe(true);
  expect(await recent.take()).toMatchObject({ held: true });
  // So a restart does not begin the time anew.
  expect(Math.abs(recent.contactAt - (Date.now() - 30_000))).toBeLessThan(20_000);
  const old = leaseSince(Date.now() - 61_000);
  expect(old.mayGoOnAlone).toBe(false);
  await expect(old.take()).rejects.toThrow(/for as long as ALONE_FOR_MS allows/);
});

it('an instance does not go on alone where it is told not to, or others may be there', async () => {
  await expect(leaseSince(Date.now(), 0).take()).rejects.toThrow(/ALONE_FOR_MS/);
  await expect(leaseSince(null).take()).rejects.toThrow(/^the database is not reachable$/);
});
