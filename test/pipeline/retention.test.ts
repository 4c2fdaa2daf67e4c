import { describe, expect, it } from 'vitest';
import { Retention } from '../../src/pipeline/retention.js';
import { keptLogger } from '../support/logs.js';
import { launchApp, query, startApp, until } from '../support/app.js';
import { ManualClock } from '../support/clock.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { openDatabase } from '../../src/storage/open-database.js';

const DAY = 24 * 60 * 60 * 1000;
const START = Date.UTC(2026, 0, 1);
const database = useDatabase();
let run = 0;

/** A database with a cycle for each of so many hours. */
async function stored(hours: number) {
  const settings = {
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `retention_${process.pid}_${++run}`,
    DATA_DIR: database.dataDir,
    ASSETS: 'USDT,BTC,ETH',
    CYCLE_INTERVAL_MS: '50',
  };
  const market = new ScriptedMarket((n) =>
    n <= hours
      ? observed(frameAt(START + n * (DAY / 24), n))
      : { ok: false, failure: { code: 'REPLAY_ENDED', message: 'over' } },
  );
  const app = await launchApp(settings, { market });
  await until(
    () => query<{ status: { latestTurn: number } }>(app, '{ status { latestTurn } }'),
    ({ data }) => data?.status.latestTurn === hours,
  );
  await app.stop();
  const open = await openDatabase(
    {
      uri: settings.MONGO_URI,
      name: `${settings.DATABASE_NAME}_simulated`,
      dataDir: settings.DATA_DIR,
      retentionDays: 1,
    },
    keptLogger(),
  );
  const enforce = (now: number) =>
    new Retention({
      ...open,
      lease: { isHeld: true },
      clock: new ManualClock(now),
      log: keptLogger(),
      days: 1,
    }).run(0);
  const serve = () =>
    startApp(
      settings,
      new ScriptedMarket(() => ({
        ok: false,
        failure: { code: 'REPLAY_ENDED', message: 'over' },
      })),
    );
  return { open, enforce, serve };
}

describe('cycles that are older than they are to be kept', () => {
  it('are neither shown nor kept, but for the one that the oldest shown one is derived from', async () => {
    const { open, enforce, serve } = await stored(60);
    const shown =
      '{ status { oldestTurn latestTurn } cycle(turn: 37) { matrix(kind: ID_PCT) { values } } }';
    const before = await serve();
    const whole = await query<{ cycle: { matrix: unknown } }>(before, shown);
    const page = `query ($first: Int, $after: String) { cycles(first: $first, after: $after) { nodes { turn } pageInfo { endCursor hasNextPage } } }`;
    type Page = {
      cycles: {
        nodes: { turn: number }[] | null;
        pageInfo: { endCursor: string; hasNextPage: boolean };
      };
    };
    const old = await query<Page>(before, page, { first: 40 });
    await before.stop();

    // Hour 36 is 24 hours before: its cycle and all before it are too old.
    expect(await enforce(START + 60 * (DAY / 24) + 60_000)).toBe(35);
    expect(await open.cycles.count()).toBe(25);
    expect(await enforce(START + 60 * (DAY / 24) + 60_000)).toBe(0);

    const app = await serve();
    const { data } = await query<{ status: unknown; cycle: { matrix: unknown } }>(app, shown);
    expect(data?.status).toEqual({ oldestTurn: 37, latestTurn: 60 });
    expect(data?.cycle.matrix).toEqual(whole.data?.cycle.matrix);
    expect(JSON.stringify(data?.cycle.matrix)).not.toContain('null');
    const hidden = await query<{ cycle: unknown }>(app, '{ cycle(turn: 36) { turn } }');
    expect(hidden.data?.cycle).toBeNull();
    const all = await query<Page>(app, page, { first: 100 });
    expect(all.data?.cycles.nodes?.map(({ turn }) => turn)).toEqual(
      Array.from({ length: 24 }, (_, n) => 60 - n),
    );
    expect(all.data?.cycles.pageInfo.hasNextPage).toBe(false);

    const gone = await query<Page>(app, page, {
      first: 1,
      after: old.data?.cycles.pageInfo.endCursor,
    });
    expect(gone.errors?.[0]?.extensions).toMatchObject({ code: 'HISTORY_GONE', oldestTurn: 37 });
    const socket = await RawSocket.open(app);
    const late = await socket.run('subscription { cycleCompleted(after: 35) { turn } }');
    expect(late.errors?.[0]?.extensions).toMatchObject({ code: 'HISTORY_GONE', oldestTurn: 37 });
    const inTime = await socket.run('subscription { cycleCompleted(after: 36) { turn } }');
    expect(inTime.data).toEqual({ cycleCompleted: { turn: 37 } });
    socket.close();
    await open.close();
  });

  it('stay where they are the newest', async () => {
    const { open, enforce } = await stored(5);
    expect(await enforce(START + 100 * DAY)).toBe(3);
    expect(await open.cycles.count()).toBe(2);
    await open.close();
  });
});
