import type { LeaseStore } from '../cluster/lease-store.js';
import { Lease } from '../cluster/lease.js';
import { Autonomy } from '../durability/autonomy.js';
import { instanceState } from '../instance.js';

/** Nothing is sealed without the database. */
const NEVER_ALONE = { aloneForMs: 0 };

/** The right to seal, which one has at a time: a server, or a command beside it. */
export function sealingLock(store: LeaseStore, holder: string): Lease {
  return new Lease({
    store,
    holder,
    isGone: (other) => instanceState(other) === 'GONE',
    autonomy: new Autonomy(NEVER_ALONE),
  });
}
