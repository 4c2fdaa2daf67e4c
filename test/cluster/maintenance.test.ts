import { expect, it, onTestFinished } from 'vitest';
import { Maintenance } from '../../src/cluster/maintenance.js';
import { CycleFeed } from '../../src/feeds/cycle-feed.js';
import { StrategyFeed } from '../../src/feeds/strategy-feed.js';
import { Metronome } from '../../src/turns/metronome.js';
import type { TurnRunner } from '../../src/turns/turn-runner.js';
import { chain, figures } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';

const database = useDatabase();

it('a manual run just after a purge runs a turn: the last one is no answer any more', async () => {
  const open = await database.open();
  await open.cycles.saveAll(chain(3));
  let turn = 3;
  const runner: Pick<TurnRunner, 'run' | 'warnings'> = {
    warnings: [],
    run: () => Promise.resolve({ kind: 'COMPLETED', figures: figures(++turn, null) }),
  };
  const metronome = new Metronome({
    runner: runner as TurnRunner,
    // No time passes: whatever comes after a turn is within a second of it.
    clock: { now: () => 1_700_000_000_000, monotonic: () => 5_000 },
    log: keptLogger(),
    intervalMs: 60_000,
  });
  onTestFinished(() => metronome.stop(0));
  metronome.start();
  await expect.poll(() => metronome.runNow()).toMatchObject({ ran: false });
  expect(await metronome.runNow()).toMatchObject({ ran: false, figures: { cycle: { turn: 4 } } });
  const feed = new CycleFeed(open.cycles);
  const strategy = new StrategyFeed(open.controlStore, ['USDT', 'BTC'], open.notifications);
  expect(await new Maintenance({ ...open, feed, strategy, metronome }).purge()).toBe(3);
  expect(await metronome.runNow()).toMatchObject({ ran: true, figures: { cycle: { turn: 5 } } });
});
