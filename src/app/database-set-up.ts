import type { Cycle } from '../domain/cycle.js';
import type { Damage } from '../history/damage.js';
import type { Database } from '../mongo/connect.js';
import { MongoCycleStore } from '../mongo/cycle-store.js';
import { MongoImportStore } from '../mongo/import-store.js';
import { bringUpToDate } from '../mongo/migrations.js';
import { claimOrigin, type Origin } from '../mongo/schema-setup.js';
import type { Logger } from '../log.js';

/** What a database is given at the first contact, and again where it was lost. */
export class DatabaseSetUp {
  readonly #damage: Damage;
  readonly #log: Logger;
  /** Recorded where it is not yet, also once a database that was away is back. */
  origin: Origin | null = null;
  /** The newest cycle that was stored, or is what the backlog follows. */
  newestCycle: () => Cycle | null = () => null;
  /** The newest cycle of a database that was lost. */
  #newestLost: Cycle | null = null;

  constructor(damage: Damage, log: Logger) {
    this.#damage = damage;
    this.#log = log;
  }

  /** @throws where the database holds cycles of another origin, or a part of an import alone */
  async claim(database: Database, origin: Origin): Promise<void> {
    await new MongoImportStore(database, this.#damage).refuseUnfinished();
    await claimOrigin(database, origin);
  }

  onLost(): void {
    this.#newestLost = this.newestCycle();
  }

  async run(database: Database): Promise<void> {
    await bringUpToDate(database, { damage: this.#damage, log: this.#log });
    if (this.#newestLost) await goOnAfter(newer(this.newestCycle(), this.#newestLost), database);
    if (this.origin) await this.claim(database, this.origin);
  }
}

/** One that was stored just before all was lost may have been announced only after that. */
function newer(one: Cycle | null, other: Cycle): Cycle {
  return one && one.turn > other.turn ? one : other;
}

/** A database that has lost everything begins with the cycle that the next ones are built upon. */
async function goOnAfter(cycle: Cycle, database: Database): Promise<void> {
  const cycles = new MongoCycleStore(database);
  if ((await cycles.span()) === null) await cycles.save(cycle);
}
