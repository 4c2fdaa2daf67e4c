import { expect, it } from 'vitest';
import { Instances } from '../../src/cluster/instances.js';
import type { Cycle } from '../../src/domain/cycle.js';
import type { CycleStore } from '../../src/history/cycle-store.js';
import type { Rewind } from '../../src/feeds/rewinds.js';
import { SkippedTurns } from '../../src/feeds/skipped-turns.js';
import { chain, figures } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { runnerOn } from '../support/runner.js';
import { ScriptedMarket } from '../support/scripted-market.js';

const NEVER = new AbortController().signal;
const database = useDatabase();
const market = new ScriptedMarket(() => {
  throw new Error('nothing is observed');
});

/**
 * An instance that was cut off after turn 1, went on to turn 3 by itself, and follows another now. It
 * looks at the database when a test says so.
 */
async function cutOff() {
  const open = await database.open();
  const own = chain(3) as [Cycle, Cycle, Cycle];
  await open.cycles.save(own[0]);
  for (const at of [1, 2] as const) {
    await open.backlog.append({ cycle: own[at], after: own[(at - 1) as 0 | 1] });
  }
  const { runner, feed, strategy, continuity } = runnerOn(open, market, open.cycles, {
    state: 'FOLLOWING',
    retryInMs: 1_000,
  });
  for (const cycle of own) feed.announce(feed.figuresOf(cycle));
  const rewinds: Rewind[] = [];
  const announced: number[] = [];
  feed.onRewind((rewind) => rewinds.push(rewind));
  feed.onTurn(({ turn }) => announced.push(turn));
  let reading: () => Promise<void> = () => Promise.resolve();
  const cycles: Pick<CycleStore, 'range' | 'confirmed'> = {
    confirmed: (found) => open.cycles.confirmed(found),
    async range(range) {
      const found = await open.cycles.range(range);
      await reading();
      return found;
    },
  };
  const instances = new Instances({
    ...open,
    ...{ cycles, feed, strategy, continuity },
    lease: { isHeld: false },
    skipped: new SkippedTurns(),
    log: keptLogger(),
  });
  const whileReading = (work: () => Promise<void>) => (reading = work);
  return { open, runner, feed, instances, rewinds, announced, whileReading };
}

/** Cycles of another instance, which are none of the first one's. */
function others(from: number, to: number): Cycle[] {
  const cycles: Cycle[] = [];
  let previous = null;
  for (let turn = from; turn <= to; turn++) {
    previous = figures(turn, previous, turn + 1_000);
    cycles.push({ ...previous.cycle, startedAt: previous.cycle.startedAt + 7 });
  }
  return cycles;
}

it('turns of another instance that come after our own backlog wait until that was taken back', async () => {
  const { open, runner, instances, rewinds, announced } = await cutOff();
  // The other one is farther by now than this one had come alone.
  await open.cycles.saveAll(others(2, 5));
  for (let looks = 0; looks < 3; looks++) await instances.look();
  expect(announced).toEqual([]);
  await runner.run(NEVER);
  expect(open.backlog.turns).toEqual([]);
  expect(rewinds).toEqual([{ stands: 1, goesOnAfter: 1 }]);
  await instances.look();
  expect(announced).toEqual([2, 3, 4, 5]);
});

it('what was read while turns were taken back is not announced, but read anew', async () => {
  const { open, feed, instances, rewinds, announced, whileReading } = await cutOff();
  await open.backlog.drop(3);
  await open.cycles.saveAll(others(2, 5));
  feed.rewind({ stands: 1, goesOnAfter: 1 });
  let reads = 0;
  whileReading(() => {
    if (reads++ === 0) feed.rewind({ stands: 0, goesOnAfter: 0 });
    return Promise.resolve();
  });
  await instances.look();
  expect(rewinds).toHaveLength(2);
  expect(announced).toEqual([]);
  await instances.look();
  expect(announced).toEqual([1, 2, 3, 4, 5]);
});

it('a backlog is decided upon also where its turns were purged meanwhile', async () => {
  const { open, runner, instances, rewinds, announced } = await cutOff();
  await open.controlStore.markPurged(4);
  await open.cycles.removeThrough(1);
  await open.cycles.saveAll(others(5, 6));
  await runner.run(NEVER);
  expect(open.backlog.turns).toEqual([]);
  await instances.look();
  expect(announced).toEqual([5, 6]);
  expect(rewinds).toEqual([]);
});
