import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { query } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import {
  outage,
  type Seen,
  listen,
  reach,
  stored,
  untilAlone,
  spooled,
  moreIsSpooledThan,
  nothingIsSpooled,
} from '../support/outage.js';

const database = useDatabase();

describe('while the database is away', () => {
  it('cycles go on, are pushed, and are stored in order once it is back', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri);
    const app = await start();
    const seen = await listen(app);
    await untilAlone(dataDir);
    for (const mode of ['cut', 'hang', 'cut'] as const) {
      await reach(seen, (seen.at(-1)?.turn ?? 0) + 5);
      proxy.set(mode);
      await reach(seen, (seen.at(-1)?.turn ?? 0) + 20);
      expect(spooled(dataDir).length).toBeGreaterThan(5);
      proxy.set('pass');
      await nothingIsSpooled(dataDir);
    }
    await app.stop();
    const again = await start();
    const cycles = await stored(again);
    expect(cycles.slice(0, seen.length)).toEqual(seen);
    expect(cycles.map(({ turn }) => turn)).toEqual(cycles.map((_, at) => at + 1));
  });

  it('the newest cycles are read from memory, history says why not, and it is not ready', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri);
    const app = await start();
    const seen = await listen(app);
    await untilAlone(dataDir);
    await reach(seen, 60);
    proxy.set('cut');
    await moreIsSpooledThan(dataDir, 25);
    const away = await query<{
      status: { database: { reachable: boolean }; latestTurn: number; warnings: string[] };
      latestCycle: Seen;
      strategyConfig: { version: number };
    }>(
      app,
      '{ status { database { reachable } latestTurn warnings } latestCycle { turn observedAt } strategyConfig { version } }',
    );
    expect(away.errors).toBeUndefined();
    expect(away.data?.status.database.reachable).toBe(false);
    expect(away.data?.status.latestTurn).toBeGreaterThan(60);
    expect(away.data?.status.warnings.join()).toMatch(/\d+ cycles are kept in DATA_DIR/);
    expect(seen).toContainEqual(away.data?.latestCycle);
    const codes = async (document: string) =>
      (await query(app, document)).errors?.map(({ extensions }) => extensions?.['code']);
    expect(await codes('{ cycle(turn: 1) { turn } }')).toEqual(['DATABASE_UNAVAILABLE']);
    expect(await codes('{ cycles(first: 100) { nodes { turn } } }')).toEqual([
      'DATABASE_UNAVAILABLE',
    ]);
    // Those that are kept aside need no database.
    expect(await codes('{ cycles(first: 20) { nodes { turn } } }')).toBeUndefined();
    expect(
      await codes(
        'mutation { updateStrategyConfig(input: { tier: STANDARD }) { userErrors { code } } }',
      ),
    ).toEqual(['DATABASE_UNAVAILABLE']);
    const refused = await query<{ resetCache: { userErrors: { code: string }[] } }>(
      app,
      'mutation { resetCache { userErrors { code } } }',
    );
    expect(refused.data?.resetCache.userErrors).toEqual([{ code: 'UNSAVED_CYCLES' }]);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);

    // Who comes now gets what it missed: what is in memory at once, older cycles when they can be read.
    const recent = await listen(app, (seen.at(-1)?.turn ?? 0) - 20);
    await reach(recent, (seen.at(-1)?.turn ?? 0) + 3);
    const old = await listen(app, 3);
    await reach(recent, (seen.at(-1)?.turn ?? 0) + 5);
    expect(old).toEqual([]);
    proxy.set('pass');
    await reach(old, (seen.at(-1)?.turn ?? 0) + 3);
    expect(old).toEqual(seen.slice(3, 3 + old.length));
    await until(
      'readiness',
      async () => (await fetch(`${app.url}/readyz`)).status,
      (status) => status === 200,
    );
  });

  it('turns are skipped where DATA_DIR cannot take them, in words, and go on when it can', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri);
    const app = await start();
    const seen = await listen(app);
    await untilAlone(dataDir);
    proxy.set('cut');
    await moreIsSpooledThan(dataDir, 3);
    // Also for a superuser, who may write anywhere: no file can be made there.
    renameSync(`${dataDir}/spool`, `${dataDir}/spool.away`);
    symlinkSync('/dev/null', `${dataDir}/spool`);
    const { data } = await until(
      'a turn to be skipped because it cannot be kept',
      () =>
        query<{ status: { lastSkipped: { code: string; message: string } | null } }>(
          app,
          '{ status { lastSkipped { code message } } }',
        ),
      ({ data: now }) => /cannot be kept/.test(now?.status.lastSkipped?.message ?? ''),
    );
    expect(data?.status.lastSkipped).toEqual({
      code: 'DATABASE_UNAVAILABLE',
      message: expect.stringMatching(
        /the database is away, and the cycle cannot be kept in/,
      ) as string,
    });
    rmSync(`${dataDir}/spool`);
    renameSync(`${dataDir}/spool.away`, `${dataDir}/spool`);
    await moreIsSpooledThan(dataDir, spooled(dataDir).length);
    proxy.set('pass');
    await reach(seen, (seen.at(-1)?.turn ?? 0) + 20);
    expect(seen.map(({ turn }) => turn)).toEqual(seen.map((_, at) => at + 1));
  });
});
