import { pause } from '../../async/pause.js';
import { plainLease } from '../../app/plain-lease.js';
import type { Lease } from '../../cluster/lease.js';
import { Recompute, type RecomputeOptions } from '../../history/recompute.js';
import { instanceName } from '../../instance.js';
import { firstPace } from '../../scheduling/slices.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { resumable, Work } from '../work.js';

export interface RecomputeCommandOptions {
  readonly from?: number;
  readonly to?: number;
  readonly write?: true;
  readonly json?: boolean;
}

/** How long a lease that has not run out yet, or whose holder may come back, is waited for, milliseconds. */
const PATIENCE_MS = 9_000;
const BETWEEN_MS = 250;

/** Derives the figures anew, and stores what comes out where that is wanted. */
export async function recompute(options: RecomputeCommandOptions): Promise<void> {
  await withDatabase((context) =>
    Work.run(options.json === true, (work) => recomputeIn(context, options, work)),
  );
}

async function recomputeIn(
  context: CommandDatabase,
  options: RecomputeCommandOptions,
  work: Work,
): Promise<void> {
  const { database } = context;
  if (!options.write) return walk(context, options, null, work);
  if (database.backlog.turns.length > 0) {
    const count = database.backlog.turns.length;
    throw new CommandFailure([
      `${count} cycles in DATA_DIR are not in the database yet: start a server once, and stop it`,
    ]);
  }
  const { rewrite, history } = database;
  // Nobody runs turns, and nobody seals what is half written.
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
    await walk(context, options, { rewrite, removal: history.opening, check }, work);
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

async function walk(
  { database }: CommandDatabase,
  { from, to }: RecomputeCommandOptions,
  write: RecomputeOptions['write'],
  work: Work,
): Promise<void> {
  const documents = database.history.turns;
  const [oldest, newest] = await Promise.all([documents.oldest(), documents.newest(Infinity)]);
  const range = {
    first: Math.max(from ?? 1, oldest ?? 1),
    last: Math.min(to ?? Infinity, newest ?? 0),
  };
  work.begin('turns', Math.max(range.first, range.last), range.first);
  const position = { next: range.first };
  let [turns, changed, passed] = [0, 0, 0];
  const { cycles } = database;
  const steps = new Recompute({ documents, cycles, write });
  try {
    await resumable(work, position, async () => {
      try {
        for await (const { turn, outcome, differences } of steps.over(
          range.first,
          range.last,
          firstPace(),
        )) {
          turns++;
          if (outcome === 'CHANGES') changed++;
          if (outcome === 'PASSED') passed++;
          for (const { field, stored, derived } of differences) {
            const words = `turn ${turn}: ${field} is ${stored}, and ${derived} anew`;
            work.line(words, { turn, field, stored, derived });
          }
          position.next = turn + 1;
          work.at(turn);
          if (work.isStopped) break;
        }
      } finally {
        // What servers and clients keep of the cycles is void; one that was killed may have left that to this.
        if (write) await database.controlStore.markCacheReset();
      }
    });
  } finally {
    const verb = write ? 'were changed' : 'would change';
    const words = `${turns} turns: ${changed} ${verb}, ${passed} could not be derived`;
    work.line(words, { turns, changed, passed, isWritten: write !== null });
  }
  if (!write && changed > 0) throw new CommandFailure(['nothing is stored without --write']);
}
