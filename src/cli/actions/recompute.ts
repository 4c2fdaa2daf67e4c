import { Recompute, type RecomputeOptions } from '../../history/recompute.js';
import { firstPace } from '../../scheduling/slices.js';
import { asOnlyWriter } from '../only-writer.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { resumable, Work } from '../work.js';

export interface RecomputeCommandOptions {
  readonly from?: number;
  readonly to?: number;
  readonly write?: true;
  readonly json?: boolean;
}

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
  const { rewrite, history } = database;
  await asOnlyWriter(database, (check) =>
    walk(context, options, { rewrite, removal: history.opening, check }, work),
  );
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
