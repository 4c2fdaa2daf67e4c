import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProxy, type Proxy } from '../chaos/proxy.mjs';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { startServer } from '../support/process.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

const database = useDatabase();

/** A server whose database can be taken away from it. */
interface Outage {
  readonly proxy: Proxy;
  readonly dataDir: string;
  readonly start: () => Promise<RunningApp>;
}

async function outage(settings: Readonly<Record<string, string>> = {}): Promise<Outage> {
  const path = decodeURIComponent(new URL(database.engine.uri).host);
  const proxy = await startProxy({ path });
  const dataDir = temporaryFolder();
  const name = `outage_${proxy.port}`;
  return {
    proxy,
    dataDir,
    async start() {
      const app = await launchApp({
        MONGO_URI: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
        DATABASE_NAME: name,
        DATA_DIR: dataDir,
        CYCLE_INTERVAL_MS: '100',
        ...settings,
      });
      onTestFinished(async () => {
        await app.stop();
        await proxy.stop();
      });
      return app;
    },
  };
}

interface Seen {
  readonly turn: number;
  readonly observedAt: string;
}

/** Collects what is pushed, from the first turn on. */
async function listen(app: Pick<RunningApp, 'url'>, after = 0): Promise<Seen[]> {
  const seen: Seen[] = [];
  const socket = await RawSocket.open(app);
  socket.subscribe(`subscription { cycleCompleted(after: ${after}) { turn observedAt } }`);
  void (async () => {
    for (;;) {
      const message = await socket.next();
      const { data } = message['payload'] as { data: { cycleCompleted: Seen } };
      seen.push(data.cycleCompleted);
    }
  })().catch(() => undefined);
  return seen;
}

const reach = (seen: readonly Seen[], turn: number) =>
  until(
    `turn ${turn} to be pushed`,
    () => seen.at(-1)?.turn ?? 0,
    (latest) => latest >= turn,
  );

/** All stored cycles, oldest first. */
async function stored(app: Pick<RunningApp, 'url'>): Promise<Seen[]> {
  const found: Seen[] = [];
  for (let before: string | null = null; ;) {
    const page: { edges: { cursor: string; node: Seen }[] } = (
      await query<{ cycles: never }>(
        app,
        'query ($before: String) { cycles(last: 100, before: $before) { edges { cursor node { turn observedAt } } } }',
        { before },
      )
    ).data?.cycles as never;
    if (page.edges.length === 0) return found;
    found.push(...page.edges.map(({ node }) => node).reverse());
    before = page.edges[0]?.cursor ?? null;
  }
}

/** An instance counts as alone once nobody else has asked for the lease for a while. */
const untilAlone = (dataDir: string) =>
  until(
    'the newest cycles to be kept on disk',
    () => filesIn(`${dataDir}/last`),
    (names) => names.length > 0,
  );

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
}

const spooled = (dataDir: string) =>
  filesIn(`${dataDir}/spool`).filter((name) => name.endsWith('.bson'));

const moreIsSpooledThan = (dataDir: string, count: number) =>
  until(
    `more than ${count} cycles kept in DATA_DIR`,
    () => spooled(dataDir).length,
    (kept) => kept > count,
  );

const nothingIsSpooled = (dataDir: string) =>
  until(
    'the cycles kept in DATA_DIR to be stored',
    () => spooled(dataDir).length,
    (kept) => kept === 0,
  );

describe('while the database is away', () => {
  it('cycles go on, are pushed, and are stored in order once it is back', async () => {
    const { proxy, dataDir, start } = await outage();
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
    const { proxy, dataDir, start } = await outage();
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

  it('an instance that is not alone skips its turns, says so, and goes on at once after it', async () => {
    const { proxy, dataDir, start } = await outage();
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

  it('turns are skipped where DATA_DIR cannot take them, in words, and go on when it can', async () => {
    const { proxy, dataDir, start } = await outage();
    const app = await start();
    const seen = await listen(app);
    await untilAlone(dataDir);
    // Also for a superuser, who may write anywhere: no folder can be made there.
    symlinkSync('/dev/null', `${dataDir}/spool`);
    proxy.set('cut');
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
    await moreIsSpooledThan(dataDir, 3);
    proxy.set('pass');
    await reach(seen, (seen.at(-1)?.turn ?? 0) + 20);
    expect(seen.map(({ turn }) => turn)).toEqual(seen.map((_, at) => at + 1));
  });

  it('cycles of an instance that was cut off are set aside where another has run their turns', async () => {
    const { proxy, dataDir, start } = await outage();
    const one = await start();
    const seen = await listen(one);
    await untilAlone(dataDir);
    proxy.set('cut');
    await moreIsSpooledThan(dataDir, 3);
    const cutAt = seen.length - spooled(dataDir).length;
    const other = await launchApp({
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `outage_${proxy.port}`,
      DATA_DIR: temporaryFolder(),
      CYCLE_INTERVAL_MS: '100',
    });
    onTestFinished(() => other.stop());
    const told = await RawSocket.open(one);
    told.subscribe(`subscription { cycleCompleted(after: ${cutAt}) { turn } }`);
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
    const { proxy, dataDir, start } = await outage({ ALONE_FOR_MS: '8000' });
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

  it('a server that is killed goes on from DATA_DIR, and nothing that was seen is lost', async () => {
    const { proxy, dataDir } = await outage();
    onTestFinished(() => proxy.stop());
    const settings = {
      MONGO_URI: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`,
      DATABASE_NAME: `outage_${proxy.port}`,
      DATA_DIR: dataDir,
      CYCLE_INTERVAL_MS: '100',
    };
    const first = await startServer(settings, dataDir);
    const seen = await listen(first);
    await untilAlone(dataDir);
    proxy.set('cut');
    await moreIsSpooledThan(dataDir, 5);
    await first.killTree();
    const second = await startServer(settings, dataDir);
    const last = seen.at(-1)?.turn ?? 0;
    const later = await listen(second, last);
    await reach(later, last + 10);
    await second.killTree();
    proxy.set('pass');
    const third = await startServer(settings, dataDir);
    await reach(await listen(third, last), last + 15);
    await nothingIsSpooled(dataDir);
    const all = [...seen, ...later];
    expect((await stored(third)).slice(0, all.length)).toEqual(all);
  });
});
