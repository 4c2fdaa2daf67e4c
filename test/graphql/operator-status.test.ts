import { expect, it } from 'vitest';
import { query } from '../support/app.js';
import { scripted, statusOf, useLoggedApp } from '../support/logged-app.js';
import { metric } from '../support/metrics.js';
import { folderWith, MINUTE, minuteCandle } from '../support/recordings.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { runTurn, turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const start = useLoggedApp();

it('a recording’s first and last moment, and where it is', async () => {
  const first = Date.UTC(2024, 11, 2);
  const candles = (price: number) =>
    Array.from({ length: 5 }, (_, n) => minuteCandle(first + n * MINUTE, `${price + n}`));
  const { app } = await start({
    EXCHANGE: 'replay',
    REPLAY_PATH: folderWith({ 'BTCUSDT.csv': candles(60_000), 'ETHUSDT.csv': candles(3_000) }),
    REPLAY_SPEED: 'step',
    ASSETS: 'USDT,BTC,ETH',
  });
  await turnReached(app, 1);
  await runTurn(app);
  const { data } = await query<{
    status: { replay: Record<'from' | 'to' | 'at', string> };
    latestCycle: { observedAt: string };
    listings: { tickSize: string | null }[];
  }>(app, '{ status { replay { from to at } } latestCycle { observedAt } listings { tickSize } }');
  const iso = (minutes: number) => new Date(first + minutes * MINUTE).toISOString();
  expect(data?.status.replay).toEqual({
    ...{ from: iso(1), to: iso(5), at: data?.latestCycle.observedAt },
  });
  expect(Date.parse(data?.status.replay.at ?? '')).toBeGreaterThanOrEqual(first + 2 * MINUTE);
  expect(data?.listings).toEqual([{ tickSize: null }, { tickSize: null }]);
});

it('what is not a recording is at no moment of one', async () => {
  const { app } = await start({ ASSETS: 'USDT,BTC,ETH' }, { market: scripted() });
  expect(await statusOf(app, 'replay { at }')).toEqual({ replay: null });
});

it('turns are counted by outcome and reason, once for the status and the metrics', async () => {
  const market = new ScriptedMarket((n) =>
    n < 3 ? refused('EXCHANGE_TIMEOUT') : observed(frameAt(1_700_000_000_000 + n * 60_000, n)),
  );
  const { app } = await start({ ASSETS: 'USDT,BTC,ETH', CYCLE_INTERVAL_MS: '50' }, { market });
  await turnReached(app, 2);
  const { turns } = await statusOf<{
    turns: {
      completed: number;
      failed: number;
      skipped: number;
      counts: { outcome: string; code: string | null; count: number }[];
    };
  }>(app, 'turns { completed failed skipped counts { outcome code count } }');
  expect(turns).toMatchObject({ failed: 2, skipped: 0 });
  expect(turns.completed).toBeGreaterThanOrEqual(2);
  expect(turns.counts).toContainEqual({ outcome: 'FAILED', code: 'EXCHANGE_TIMEOUT', count: 2 });
  const failed = 'dynamics_turns_total\\{outcome="failed",code="EXCHANGE_TIMEOUT"\\}';
  expect(await metric(app, failed)).toBe(2);
});

it('each of two instances says who runs the turns, and since when', async () => {
  interface Instances {
    readonly instances: {
      readonly name: string;
      readonly leads: boolean;
      readonly leader: string | null;
      readonly leaderSince: string | null;
      readonly hasOthers: boolean;
    };
  }
  const INSTANCES = 'instances { name leads leader leaderSince hasOthers }';
  const name = `status_two_${process.pid}`;
  const settings = { ASSETS: 'USDT,BTC,ETH', CYCLE_INTERVAL_MS: '1000' };
  const { app: one } = await start(settings, { market: scripted(), name });
  await turnReached(one, 1);
  const begun = (await statusOf<Instances>(one, INSTANCES)).instances;
  expect(begun).toMatchObject({ leads: true, leader: begun.name });
  const { app: other } = await start(settings, { market: scripted(), name });
  const { instances: follower } = await until(
    'the second to know whom it follows',
    () => statusOf<Instances>(other, INSTANCES),
    ({ instances }) => instances.leader !== null,
  );
  expect(follower).toEqual({
    name: expect.stringMatching(/^\S+\/\d+\/[\da-f]{8}$/) as string,
    ...{ leads: false, leader: begun.name, leaderSince: begun.leaderSince, hasOthers: true },
  });
  expect(follower.name).not.toBe(begun.name);
  // It learns of that as it renews its lease, which it has had all the while.
  const { instances: renewed } = await until(
    'the first to know of the second',
    () => statusOf<Instances>(one, INSTANCES),
    ({ instances }) => instances.hasOthers,
  );
  expect(renewed.leaderSince).toBe(begun.leaderSince);
  await one.stop();
  const { instances: taken } = await until(
    'the second to lead',
    () => statusOf<Instances>(other, INSTANCES),
    ({ instances }) => instances.leads,
  );
  expect(taken.leader).toBe(follower.name);
  expect(Date.parse(taken.leaderSince ?? '')).toBeGreaterThan(Date.parse(begun.leaderSince ?? ''));
});
