import type { LeaseStore } from '../cluster/lease-store.js';
import { Lease } from '../cluster/lease.js';
import { Autonomy } from '../durability/autonomy.js';
import { instanceState } from '../instance.js';

/** What is done under it is never done without the database. */
const NEVER_ALONE = { aloneForMs: 0 };

/** A right that one has at a time, be it a server or a command beside it: to seal, or to run the turns. */
export function plainLease(store: LeaseStore, holder: string): Lease {
  return new Lease({
    store,
    holder,
    isGone: (other) => instanceState(other) === 'GONE',
    autonomy: new Autonomy(NEVER_ALONE),
  });
}
