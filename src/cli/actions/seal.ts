import { pause } from '../../async/pause.js';
import { plainLease } from '../../app/plain-lease.js';
import { Sealing } from '../../cluster/sealing.js';
import { blockOf } from '../../history/blocks/block.js';
import { instanceName } from '../../instance.js';
import { createLogger } from '../../log.js';
import { firstPace } from '../../scheduling/slices.js';
import { CommandFailure, withDatabase, type CommandDatabase } from '../with-database.js';
import { Work } from '../work.js';

export interface SealOptions {
  readonly json?: boolean;
}

/** How long another one that seals is waited for, and how long between two looks, milliseconds. */
const PATIENCE_MS = 60_000;
const BETWEEN_MS = 250;

/** Seals what is complete. */
export async function seal({ json = false }: SealOptions): Promise<void> {
  await withDatabase((context) => Work.run(json, (work) => sealIn(context, work)));
}

async function sealIn({ database }: CommandDatabase, work: Work): Promise<void> {
  const { history, ages, backlog, damage } = database;
  const lock = plainLease(database.sealingLock, instanceName());
  const sealing = new Sealing({
    ...history,
    ...{ ages, backlog, damage, lock },
    lease: { isHeld: true },
    log: createLogger('error'),
    paceOf: () => firstPace(),
  });
  work.begin('blocks', await countOpen(database));
  let [sealed, failed, busyMs] = [0, 0, 0];
  while (!work.isStopped) {
    const outcome = await sealing.run();
    if (outcome === 'NOTHING') break;
    if (outcome === 'OVERTAKEN') failed++;
    if (outcome !== 'NOT_LEADING') busyMs = 0;
    else if ((busyMs += BETWEEN_MS) > PATIENCE_MS) {
      throw new CommandFailure(['another instance seals all the time: try again later']);
    } else await pause(BETWEEN_MS);
    if (outcome !== 'SEALED') continue;
    work.at(++sealed);
    const entry = await history.sealed.last();
    if (!entry) continue;
    const { block, firstTurn, lastTurn, turns, bytes } = entry;
    const words = `block ${block}: turns ${firstTurn} to ${lastTurn}, ${turns} cycles, ${bytes} bytes`;
    work.line(words, { block, firstTurn, lastTurn, turns, bytes });
  }
  work.line(`sealed ${sealed} blocks`, { sealed, failed });
  if (work.isStopped) throw new CommandFailure(['stopped: run it again to go on']);
  if (failed > 0) throw new CommandFailure([`${failed} blocks could not be sealed`]);
}

/** At most so many blocks are sealed: those between which nothing is stored are counted, too. */
async function countOpen({ history: { documents, sealed } }: CommandDatabase['database']) {
  const [oldest, newest] = await Promise.all([documents.oldest(), documents.newest(Infinity)]);
  if (oldest === null || newest === null) return 0;
  const there = (await sealed.all()).filter(({ lastTurn }) => lastTurn >= oldest).length;
  return Math.max(0, blockOf(newest) - blockOf(oldest) - there);
}
