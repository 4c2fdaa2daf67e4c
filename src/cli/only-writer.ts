import { pause } from '../async/pause.js';
import { plainLease } from '../app/plain-lease.js';
import type { Lease } from '../cluster/lease.js';
import { instanceName } from '../instance.js';
import type { OpenDatabase } from '../open-database.js';
import { CommandFailure } from './with-database.js';

/** How long a lease that has not run out yet, or whose holder may come back, is waited for, milliseconds. */
const PATIENCE_MS = 9_000;
const BETWEEN_MS = 250;

/**
 * Writes cycles while nobody runs turns, and nobody seals what is half written.
 * @param work is given what throws once it may not write any more
 */
export async function asOnlyWriter(
  database: OpenDatabase,
  work: (check: () => void) => Promise<void>,
): Promise<void> {
  if (database.backlog.turns.length > 0) {
    const count = database.backlog.turns.length;
    throw new CommandFailure([
      `${count} cycles in DATA_DIR are not in the database yet: start a server once, and stop it`,
    ]);
  }
  const turns = plainLease(database.lease, instanceName());
  const sealing = plainLease(database.sealingLock, instanceName());
  try {
    await take(turns, 'a server runs the turns on this data: stop all that do');
    await take(sealing, 'history is being sealed: wait for its end');
    const check = (): void => {
      if (!turns.isHeld || !sealing.isHeld) throw new Error('a server may run the turns again');
    };
    // An instance that starts without the database would go on from the figures as they were.
    await database.checkpointStore.remove();
    await work(check);
  } finally {
    await sealing.release();
    await turns.release();
  }
}

async function take(right: Lease, words: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += BETWEEN_MS) {
    if ((await right.take()).state === 'LEADING') return;
    await pause(BETWEEN_MS);
  }
  throw new CommandFailure([`${words}, and try again; nothing was written`]);
}
