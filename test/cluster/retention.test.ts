import { mongoose } from '@typegoose/typegoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ExchangeKind } from '../../src/domain/cycle.js';
import { ClockWitnesses } from '../../src/cluster/clock-witnesses.js';
import type { ControlStore } from '../../src/feeds/control-store.js';
import type { MarketStatus } from '../../src/market/market-port.js';
import { Retention } from '../../src/cluster/retention.js';
import { keptLogger } from '../support/logs.js';
import { launchApp, query, startApp } from '../support/app.js';
import { SettableClock } from '../support/clock.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { openDatabase } from '../../src/open-database.js';
import { turnReached } from '../support/turns.js';

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const NO_STATUS: MarketStatus = {
  usedWeight: null,
  weightLimit: 6000,
  weightPerTurn: 0,
  bannedUntil: null,
  clockOffsetMs: null,
  warnings: [],
};
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
  await turnReached(app, hours);
  await app.stop();
  const open = await openDatabase(
    {
      uri: settings.MONGO_URI,
      name: `${settings.DATABASE_NAME}_simulated`,
      dataDir: settings.DATA_DIR,
    },
    keptLogger(),
  );
  const retentionAt = (
    now: number,
    isReplay = false,
    controlStore: Pick<ControlStore, 'markVisibleFrom'> = open.controlStore,
  ) =>
    new Retention({
      ...open,
      controlStore,
      lease: { isHeld: true },
      witnesses: { ask: () => Promise.resolve({ now }) },
      log: keptLogger(),
      days: 1,
      isReplay,
    });
  const enforce = (now: number) => retentionAt(now).run(0);
  const serve = () =>
    startApp(
      settings,
      new ScriptedMarket(() => ({
        ok: false,
        failure: { code: 'REPLAY_ENDED', message: 'over' },
      })),
    );
  return { open, name: `${settings.DATABASE_NAME}_simulated`, retentionAt, enforce, serve };
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

  it('are not removed once it is told to stop: it does not wait for that', async () => {
    const { open, retentionAt } = await stored(5);
    const retention = retentionAt(START + 100 * DAY, false, {
      markVisibleFrom: (turn) =>
        open.controlStore.markVisibleFrom(turn).then(() => retention.stop()),
    });
    expect(await retention.run(DAY)).toBe(0);
    expect(await open.cycles.count()).toBe(5);
    await open.close();
  });

  it('stay where they are the newest', async () => {
    const { open, enforce } = await stored(5);
    expect(await enforce(START + 100 * DAY)).toBe(3);
    expect(await open.cycles.count()).toBe(2);
    await open.close();
  });

  it('are those before the first young one, whatever the times of later ones say', async () => {
    const { open, name, retentionAt } = await stored(40);
    const connection = await mongoose
      .createConnection(database.engine.uri, { dbName: name })
      .asPromise();
    onTestFinished(() => connection.close());
    const cycles = connection.collection('cycle_matrices');
    const setTime = (turn: number, observedAt: unknown) =>
      cycles.updateOne({ turn }, { $set: { observedAt } }, { bypassDocumentValidation: true });
    const now = START + 40 * (DAY / 24);
    // Stored while the clocks were wrong, or damaged since.
    await setTime(35, new Date(START - 100 * DAY));
    await setTime(8, 'no time');
    await setTime(10, new Date(now + 90 * DAY));
    const retention = retentionAt(now);
    expect(await retention.run(0)).toBe(8);
    expect(await open.cycles.span()).toEqual({ oldest: 9, latest: 40 });
    expect(retention.warnings.join()).toMatch(/turn 10 was stored with a time to come, 2026-/);
    await setTime(10, new Date(START + 10 * (DAY / 24)));
    expect(await retention.run(0)).toBe(6);
    expect(retention.warnings).toEqual([]);
    await open.close();
  });

  it('are not those of an old recording, which count from when they were stored', async () => {
    const { open, retentionAt } = await stored(5);
    // The recording is years old by then; its cycles were stored today.
    expect(await retentionAt(Date.now(), true).run(0)).toBe(0);
    expect(await retentionAt(Date.now() + DAY / 2, true).run(0)).toBe(0);
    expect(await open.cycles.count()).toBe(5);
    expect(await retentionAt(Date.now() + 2 * DAY, true).run(0)).toBe(3);
    await open.close();
  });
});

describe('cycles of any age, while clocks do not agree', () => {
  /** What would be removed is known to the caller; nothing is. */
  async function doubtful(
    byMs: number,
    kind: ExchangeKind = 'SIMULATED',
    clockOffsetMs: number | null = null,
  ): Promise<string> {
    const { open } = await stored(5);
    const clock = new SettableClock();
    const status = () => ({ ...NO_STATUS, clockOffsetMs });
    const witnesses = new ClockWitnesses({ clock, market: { kind, status }, ages: open.ages });
    clock.set(byMs);
    const options = { lease: { isHeld: true }, log: keptLogger(), isReplay: false };
    const retention = new Retention({ ...open, ...options, witnesses, days: 1 });
    expect(await retention.run(0)).toBe(0);
    expect(await open.cycles.count()).toBe(5);
    expect(await open.cycles.span()).toEqual({ oldest: 1, latest: 5 });
    await open.close();
    return retention.warnings.join();
  }

  it.each<[string, number, ExchangeKind, number | null, RegExp]>([
    ['ours is ahead', 40 * DAY, 'SIMULATED', null, /the database's clock is 40 days behind/],
    ['ours is behind', -HOUR, 'SIMULATED', null, /the database's clock is 60 minutes ahead of/],
    ['the exchange’s is behind', 0, 'BINANCE', -40 * DAY, /the exchange's clock is 40 days behind/],
    ['the exchange’s is ahead', 0, 'BINANCE', 5 * MINUTE, /exchange's clock is 5 minutes ahead of/],
    ['the exchange does not tell', 0, 'BINANCE', null, /the exchange's clock is not known/],
  ])('stay, and that is said: %s', async (_name, byMs, kind, offset, words) => {
    expect(await doubtful(byMs, kind, offset)).toMatch(words);
  });

  it('stay where ours has leapt since the start, and only a database on this machine agrees', async () => {
    const clock = new SettableClock();
    const market = { kind: 'REPLAY' as const, status: () => NO_STATUS };
    const ages = { databaseTime: () => Promise.resolve(clock.now()) };
    const witnesses = new ClockWitnesses({ clock, market, ages });
    expect(await witnesses.ask()).toMatchObject({ now: expect.any(Number) as number });
    clock.set(40 * DAY);
    expect(JSON.stringify(await witnesses.ask())).toMatch(/leapt forward by 40 days/);
    clock.set(-40 * DAY);
    expect(await witnesses.ask()).toMatchObject({ now: expect.any(Number) as number });
    const silent = { databaseTime: () => Promise.resolve(NaN) };
    expect(await new ClockWitnesses({ clock, market, ages: silent }).ask()).toEqual({
      objection: 'the database does not tell its time',
    });
  });

  it('are counted by the earliest clock where all agree', async () => {
    const { open } = await stored(1);
    const clock = new SettableClock();
    const market = { kind: 'BINANCE' as const, status: () => ({ ...NO_STATUS, clockOffsetMs: 5 }) };
    const witnesses = new ClockWitnesses({ clock, market, ages: open.ages });
    clock.set(60_000);
    const before = Date.now();
    const time = await witnesses.ask();
    if ('objection' in time) throw new Error(time.objection);
    expect(time.now).toBeLessThan(before + 50_000);
    expect(time.now).toBeGreaterThan(before - 10_000);
    await open.close();
  });
});
