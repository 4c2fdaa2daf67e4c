import { describe, expect, it, onTestFinished } from 'vitest';
import { Lease } from '../../src/cluster/lease.js';
import { Autonomy } from '../../src/durability/autonomy.js';
import { Metronome } from '../../src/turns/metronome.js';
import type { TurnRunner } from '../../src/turns/turn-runner.js';
import { TurnWatch } from '../../src/turns/turn-watch.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { systemClock } from '../../src/time/system-clock.js';

import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { until } from '../support/until.js';

const database = useDatabase();

/** An instance whose turn takes the lease and is then never done. */
function hangingOn(open: OpenDatabase) {
  const lease = new Lease({
    store: open.lease,
    holder: 'hanging',
    isGone: () => false,
    autonomy: new Autonomy({ aloneForMs: 60_000 }),
  });
  const runner = {
    warnings: [],
    run: () => lease.take().then(() => new Promise<never>(() => undefined)),
  };
  const common = { clock: systemClock, log: keptLogger(), intervalMs: 50 };
  const metronome = new Metronome({ ...common, runner: runner as unknown as TurnRunner });
  const watch = new TurnWatch({
    ...common,
    feed: { onTurn: () => undefined },
    metronome,
    lease,
    isSilent: () => false,
    giveUpMs: 200,
  });
  watch.start(null);
  metronome.start();
  onTestFinished(async () => {
    watch.stop();
    await lease.release();
  });
  return { lease, watch };
}

describe('an instance whose turn is never done', () => {
  it('says so, keeps the lease while it is alone, and leaves it to the next that comes', async () => {
    const open = await database.open();
    const { lease, watch } = hangingOn(open);
    await until(
      'a standstill to be seen',
      () => watch.standstill,
      (words) => /the turn under way began \d+ s ago/.test(words ?? ''),
    );
    for (let look = 0; look < 10; look++) watch.look();
    expect(lease.isHeld).toBe(true);

    const other = new Lease({
      store: open.lease,
      holder: 'other',
      isGone: () => false,
      autonomy: new Autonomy({ aloneForMs: 60_000 }),
    });
    onTestFinished(() => other.release());
    await until(
      'the lease to be free',
      () => other.take(),
      ({ state }) => state === 'LEADING',
    );
    expect(lease.isHeld).toBe(false);
  });
});
