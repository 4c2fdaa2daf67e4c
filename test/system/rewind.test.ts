import mongoose from 'mongoose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { metric } from '../support/metrics.js';
import { EventReader } from '../support/event-reader.js';
import { RawSocket } from '../support/socket.js';
import { temporaryFolder } from '../support/temporary.js';
import { runTurn } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
const REWOUND = 4510;

/** A server whose turns are run when a test asks, and its collection of cycles. */
async function setUp(intervalMs = 3_600_000) {
  const name = `rewind_${Math.random().toString(36).slice(2, 10)}`;
  const start = async (): Promise<RunningApp> => {
    const app = await launchApp({
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: name,
      DATA_DIR: temporaryFolder(),
      CYCLE_INTERVAL_MS: String(intervalMs),
    });
    onTestFinished(() => app.stop());
    return app;
  };
  const connection = await mongoose
    .createConnection(database.engine.uri, { dbName: `${name}_simulated` })
    .asPromise();
  onTestFinished(() => connection.close());
  const [stored, config] = ['cycle_matrices', 'config'].map((each) => connection.collection(each));
  if (!stored || !config) throw new Error('no collections');
  return { start, stored, config };
}

/** Where the server stands by its own words: its status and its latest cycle say the same. */
async function latestOf(app: RunningApp): Promise<number> {
  const { data } = await query<{
    status: { latestTurn: number | null; latestCycleAt: string | null };
    latestCycle: { turn: number; completedAt: string } | null;
  }>(app, '{ status { latestTurn latestCycleAt } latestCycle { turn completedAt } }');
  // Between the two a turn may complete, or be taken back; then it is asked again.
  if (data?.status.latestTurn !== (data?.latestCycle?.turn ?? null)) {
    const again = await query<typeof data>(app, '{ latestCycle { turn } status { latestTurn } }');
    const status = again.data?.status.latestTurn ?? 0;
    expect(Math.abs(status - (again.data?.latestCycle?.turn ?? 0))).toBeLessThanOrEqual(1);
  }
  return data?.latestCycle?.turn ?? 0;
}

const reach = (app: RunningApp, turn: number) =>
  until(
    `turn ${turn} to be the latest`,
    () => latestOf(app),
    (latest) => latest >= turn,
  );

async function runTo(app: RunningApp, turn: number): Promise<void> {
  while ((await latestOf(app)) < turn) {
    await runTurn(app);
  }
}

const next = async (socket: RawSocket): Promise<number> => {
  const message = await socket.next();
  const { data } = message['payload'] as { data: { cycleCompleted: { turn: number } } };
  return data.cycleCompleted.turn;
};

const CYCLES = (after: number | null) =>
  `subscription { cycleCompleted${after === null ? '' : `(after: ${after})`} { turn } }`;

describe('a database that is put back under a running server', () => {
  it('closes those who were sent what it lost, and everybody else is pushed what is stored then', async () => {
    const { start, stored } = await setUp();
    const app = await start();
    await runTo(app, 6);
    const [shared, alone, quiet, early] = [
      await RawSocket.open(app),
      await RawSocket.open(app),
      await RawSocket.open(app),
      await RawSocket.open(app),
    ];
    shared.subscribe(CYCLES(3));
    alone.subscribe(CYCLES(3), '1', { extensions: { cost: true } });
    for (const turn of [4, 5, 6]) {
      expect([await next(shared), await next(alone)]).toEqual([turn, turn]);
    }
    // One that was sent nothing yet, and one whose operation is no subscription to cycles.
    quiet.subscribe(CYCLES(null));
    early.subscribe('subscription { cycleSkipped { code } }');
    const claimed = await RawSocket.open(app);
    claimed.subscribe(CYCLES(6));
    await until(
      'three that are sent the same',
      () => metric(app, 'dynamics_subscribers'),
      (count) => count === 3,
    );
    await early.run('{ __typename }');

    await stored.deleteMany({ turn: { $gt: 4 } });
    for (const socket of [shared, alone, claimed]) expect(await socket.closeCode()).toBe(REWOUND);
    expect(await latestOf(app)).toBe(4);
    const late = await RawSocket.open(app);
    const { errors } = await late.run(CYCLES(6));
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^after: expected a turn from 0 to the latest, 4/) as string,
      extensions: { code: 'BAD_USER_INPUT' },
    });
    await runTo(app, 6);
    expect([await next(quiet), await next(quiet)]).toEqual([5, 6]);
    const { data } = await query<{ status: { warnings: string[] } }>(
      app,
      '{ status { warnings } }',
    );
    expect(data?.status.warnings.join()).toMatch(/the turns 5 to 6, which had been pushed/);
    const cycles = await stored.find().sort({ turn: 1 }).toArray();
    expect(cycles.map((cycle) => cycle['previousTurn'] as number | null)).toEqual([
      null,
      1,
      2,
      3,
      4,
      5,
    ]);
    early.close();
  });

  it('closes those who were sent it in lists, or in buckets, and buckets are told without it', async () => {
    const { start, stored } = await setUp();
    const app = await start();
    await runTo(app, 4);
    const buckets = (after: number) =>
      `subscription { seriesUpdated(cells: [{ base: "BTC", quote: "USDT" }], every: "52w", after: ${after}) { counts lastTurns } }`;
    const sockets = [await RawSocket.open(app), await RawSocket.open(app)] as const;
    sockets[0].subscribe('subscription { cyclesCompleted(after: 1) { turn } }');
    sockets[1].subscribe(buckets(1));
    const stream = await EventReader.open(app, {
      query: 'subscription { cyclesCompleted(after: 1) { turn } }',
    });
    expect((await stream.next())?.id).toBe('4');
    const payloads = await Promise.all(sockets.map((socket) => socket.next()));
    expect(payloads.map(({ payload }) => payload)).toEqual([
      { data: { cyclesCompleted: [{ turn: 2 }, { turn: 3 }, { turn: 4 }] } },
      { data: { seriesUpdated: { counts: [4], lastTurns: [4] } } },
    ]);
    await stored.deleteMany({ turn: { $gt: 2 } });
    for (const socket of sockets) expect(await socket.closeCode()).toBe(REWOUND);
    const [taken, ...rest] = await stream.all();
    expect(JSON.parse(taken?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'REWOUND', stands: 2 } }],
    });
    expect([taken?.id, rest]).toEqual(['', [{ event: 'complete', data: '' }]]);
    await runTo(app, 3);
    const again = await RawSocket.open(app);
    expect(await again.run(buckets(2))).toEqual({
      data: { seriesUpdated: { counts: [3], lastTurns: [3] } },
    });
    again.close();
  });

  it('is noticed where other cycles stand in their places, and those are sent at once', async () => {
    const { start, stored } = await setUp();
    const app = await start();
    await runTo(app, 3);
    const backup = await stored.find({ turn: 3 }).toArray();
    await stored.deleteMany({ turn: 3 });
    // Another timeline: what is pushed now stands in the place of what is restored later.
    await runTo(app, 4);
    const others = await stored.find({ turn: { $gte: 3 } }).toArray();
    await stored.deleteMany({ turn: { $gte: 3 } });
    await stored.insertMany(backup);
    await until(
      'turn 3 to be the latest again',
      () => query<{ latestCycle: { turn: number } }>(app, '{ latestCycle { turn } }'),
      ({ data }) => data?.latestCycle.turn === 3,
    );
    const socket = await RawSocket.open(app);
    socket.subscribe(CYCLES(2));
    expect(await next(socket)).toBe(3);
    await stored.deleteMany({ turn: { $gte: 3 } });
    await stored.insertMany(others);
    expect(await socket.closeCode()).toBe(REWOUND);
    const again = await RawSocket.open(app);
    again.subscribe(CYCLES(2));
    expect([await next(again), await next(again)]).toEqual([3, 4]);
  });

  it('is noticed by each of several instances, while turns go on', async () => {
    const { start, stored } = await setUp(150);
    const apps = [await start(), await start()] as const;
    await Promise.all(apps.map((app) => reach(app, 20)));
    const sockets = await Promise.all(apps.map((app) => RawSocket.open(app)));
    for (const socket of sockets) {
      socket.subscribe(CYCLES(5));
      for (const turn of [6, 7, 8]) expect(await next(socket)).toBe(turn);
    }
    await stored.deleteMany({ turn: { $gt: 7 } });
    for (const socket of sockets) expect(await socket.closeCode()).toBe(REWOUND);
    for (const app of apps) {
      const socket = await RawSocket.open(app);
      socket.subscribe(CYCLES(7));
      for (let turn = 8; turn < 20; turn++) expect(await next(socket)).toBe(turn);
    }
    const cycles = await stored.find().sort({ turn: 1 }).toArray();
    expect(cycles.map(({ turn }) => turn as number)).toEqual(cycles.map((_, at) => at + 1));
  });

  it('to nothing at all begins with a first turn; a purge is no such thing', async () => {
    const { start, stored, config } = await setUp(150);
    const app = await start();
    await reach(app, 5);
    const socket = await RawSocket.open(app);
    socket.subscribe(CYCLES(0));
    expect(await next(socket)).toBe(1);
    const purged = await latestOf(app);
    await query(app, 'mutation { purgeCycles(confirm: true) { deleted } }');
    for (let turn = 1; turn <= purged + 5;) turn = await next(socket);
    await stored.deleteMany({});
    await config.deleteMany({});
    expect(await socket.closeCode()).toBe(REWOUND);
    const again = await RawSocket.open(app);
    again.subscribe(CYCLES(0));
    expect([await next(again), await next(again)]).toEqual([1, 2]);
  });

  it('tells the settings that are in force then, also where their version is an older one', async () => {
    const { start, stored, config } = await setUp();
    const app = await start();
    await runTo(app, 2);
    const tier = async (name: string): Promise<void> => {
      const change = `mutation { updateStrategyConfig(input: { tier: ${name} }) { strategyConfig { version } } }`;
      await query(app, change);
    };
    await tier('AGGRESSIVE');
    const socket = await RawSocket.open(app);
    socket.subscribe('subscription { strategyConfigUpdated { version tier } }');
    await tier('CONSERVATIVE');
    const told = async () => ((await socket.next())['payload'] as { data: unknown }).data;
    expect(await told()).toEqual({ strategyConfigUpdated: { version: 3, tier: 'CONSERVATIVE' } });
    await config.deleteMany({ version: { $gt: 2 } });
    await stored.deleteMany({ turn: 2 });
    expect(await told()).toEqual({ strategyConfigUpdated: { version: 2, tier: 'AGGRESSIVE' } });
    await tier('STANDARD');
    expect(await told()).toEqual({ strategyConfigUpdated: { version: 3, tier: 'STANDARD' } });
  });
});
