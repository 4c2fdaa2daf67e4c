import { describe, expect, it, onTestFinished } from 'vitest';
import { launchApp, query } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';
import {
  outage,
  listen,
  reach,
  stored,
  untilAlone,
  filesIn,
  spooled,
  firstSpooled,
  moreIsSpooledThan,
} from '../support/outage.js';

const database = useDatabase();

describe('while the database is away', () => {
  it('an instance that is not alone skips its turns, says so, and goes on at once after it', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri);
    const [one, other] = [await start(), await start()];
    const seen = await Promise.all([listen(one), listen(other)]);
    await Promise.all(seen.map((each) => reach(each, 70)));
    expect(filesIn(`${dataDir}/last`)).toEqual([]);
    const socket = await RawSocket.open(one);
    socket.subscribe('subscription { cycleSkipped { code } }');
    proxy.set('cut');
    expect(await socket.next()).toMatchObject({
      payload: { data: { cycleSkipped: { code: 'DATABASE_UNAVAILABLE' } } },
    });
    expect(spooled(dataDir)).toEqual([]);
    proxy.set('pass');
    const last = Math.max(...seen.map((each) => each.at(-1)?.turn ?? 0));
    await Promise.all(seen.map((each) => reach(each, last + 10)));
    for (const each of seen) {
      expect(each.map(({ turn }) => turn)).toEqual(each.map((_, at) => at + 1));
    }
  });

  it('cycles of an instance that was cut off are set aside where another has run their turns', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri);
    const one = await start();
    const seen = await listen(one);
    await untilAlone(dataDir);
    proxy.set('cut');
    await moreIsSpooledThan(dataDir, 3);
    const cutAt = firstSpooled(dataDir) - 1;
    const other = await launchApp({
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `outage_${proxy.port}`,
      DATA_DIR: temporaryFolder(),
      CYCLE_INTERVAL_MS: '100',
    });
    onTestFinished(() => other.stop());
    const told = await RawSocket.open(one);
    told.subscribe(`subscription { cycleCompleted(after: ${cutAt}) { turn } }`);
    expect(await told.next()).toMatchObject({
      payload: { data: { cycleCompleted: { turn: cutAt + 1 } } },
    });
    // It leaves the first one some time to come back.
    await reach(await listen(other, cutAt), cutAt + 5);
    proxy.set('pass');
    const { data } = await until(
      'a warning of cycles that were not stored',
      () => query<{ status: { warnings: string[] } }>(one, '{ status { warnings } }'),
      (answer) =>
        answer.data?.status.warnings.some((words) => /not be stored/.test(words)) ?? false,
    );
    expect(data?.status.warnings.join()).toMatch(/another instance has stored their turns/);
    expect(spooled(dataDir)).toEqual([]);
    const rejected = filesIn(`${dataDir}/rejected`).filter((name) => name.endsWith('.bson'));
    expect(rejected.length).toBeGreaterThan(3);
    // Whoever was pushed them is closed, and comes back from the last turn that stands.
    expect(await told.closeCode()).toBe(4510);
    expect(seen.map(({ turn }) => turn)).toEqual(seen.map((_, at) => at + 1));
    const again = await listen(one, cutAt);
    await reach(again, seen.length + 10);
    const cycles = await stored(one);
    expect(cycles.slice(cutAt, cutAt + again.length)).toEqual(again);
    expect(cycles.map(({ turn }) => turn)).toEqual(cycles.map((_, at) => at + 1));
    expect(await stored(other).then((all) => all.slice(0, cycles.length))).toEqual(cycles);
    expect(cycles.slice(0, cutAt)).toEqual(seen.slice(0, cutAt));
    expect(cycles.slice(0, seen.length)).not.toEqual(seen);
  });

  it('cycles go on for as long as ALONE_FOR_MS allows; then turns are skipped, and say so', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri, { ALONE_FOR_MS: '8000' });
    const app = await start();
    const seen = await listen(app);
    await untilAlone(dataDir);
    proxy.set('cut');
    const { data } = await until(
      'a turn to be skipped because it was long enough alone',
      () =>
        query<{ status: { lastSkipped: { code: string; message: string } | null } }>(
          app,
          '{ status { lastSkipped { code message } } }',
        ),
      ({ data: now }) => /gone on alone/.test(now?.status.lastSkipped?.message ?? ''),
    );
    expect(data?.status.lastSkipped).toEqual({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(
        /this instance has gone on alone for as long as ALONE_FOR_MS allows/,
      ) as string,
    });
    const kept = spooled(dataDir).length;
    expect(kept).toBeGreaterThan(0);
    const skips = await RawSocket.open(app);
    skips.subscribe('subscription { cycleSkipped { code } }');
    for (let skipped = 0; skipped < 3; skipped++) await skips.next();
    skips.close();
    expect(spooled(dataDir)).toHaveLength(kept);
    proxy.set('pass');
    await reach(seen, (seen.at(-1)?.turn ?? 0) + 10);
    expect(spooled(dataDir)).toEqual([]);
    expect((await stored(app)).slice(0, seen.length)).toEqual(seen);
  });
});
