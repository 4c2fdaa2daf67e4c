import { isReadable, type StoredCycle } from '../history/stored-cycle.js';
import { toDocument } from './cycle-mapping.js';

/** As they stand in the database, or are about to; forgotten with the cycles. */
const known = new WeakMap<StoredCycle, string>();

/** Remembers the id of the document that a cycle was read from, or is stored as. */
export function rememberId(cycle: StoredCycle, id: unknown): void {
  known.set(cycle, String(id));
}

/** The id of a cycle's document: no other cycle has it, whatever its turn. */
export function idOfCycle(cycle: StoredCycle): string {
  const id = known.get(cycle) ?? (isReadable(cycle) ? String(toDocument(cycle)._id) : '');
  known.set(cycle, id);
  return id;
}
