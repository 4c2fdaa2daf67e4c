import type { Cycle } from '../domain/cycle.js';
import type { Database } from '../mongo/connect.js';
import { recordedOrigin, type Origin } from '../mongo/schema-setup.js';
import { serverVersion } from '../mongo/server-version.js';
import type { DatabaseSetUp } from './database-set-up.js';

/** How the database is, and what it is to be given. */
export function aboutDatabase(database: Database, setUp: DatabaseSetUp) {
  return {
    probe: {
      kind: database.kind,
      version: () => serverVersion(database),
      trouble: () => database.trouble?.message ?? null,
    },
    onBack: (listener: () => void) => database.onBack(listener),
    async claim(origin: Origin): Promise<void> {
      setUp.origin = origin;
      if (!database.isAway) await setUp.claim(database, origin);
    },
    onLoss(newestCycle: () => Cycle | null): void {
      setUp.newestCycle = newestCycle;
    },
    origin: () => recordedOrigin(database),
  };
}
