import { describe, expect, it, onTestFinished } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { createLogger, RecentWarnings } from '../../src/log.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { marketOf, startExchange } from '../support/exchange.js';
import { keepLog } from '../support/logs.js';
import { metric } from '../support/metrics.js';
import { folderWith, MINUTE, minuteCandle } from '../support/recordings.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { runTurn, turnReached } from '../support/turns.js';
import { until } from '../support/until.js';
import { systemClock } from '../../src/time/system-clock.js';
import type { LogLevel } from '../../src/config.js';
import type { MarketSource } from '../../src/market/market-port.js';

const database = useDatabase();
let run = 0;

interface Started {
  readonly level?: LogLevel;
  readonly market?: MarketSource;
  readonly name?: string;
}

/** A server with a log as the program makes it; it ends with the test. */
async function start(settings: Readonly<Record<string, string>>, started: Started = {}) {
  const { level = 'info', market, name = `status_${process.pid}_${++run}` } = started;
  const warnings = new RecentWarnings();
  const log = createLogger(level, { warnings, to: { write: keepLog } });
  const app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: name,
      DATA_DIR: database.dataDir,
      CYCLE_INTERVAL_MS: '86400000',
      ...settings,
    },
    { log, warnings, ...(market && { market }) },
  );
  onTestFinished(() => app.stop());
  return { app, log };
}

const scripted = () =>
  new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));

async function statusOf<Status>(
  app: RunningApp,
  selection: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Status> {
  const { data, errors } = await query<{ status: Status }>(
    app,
    `{ status { ${selection} } }`,
    {},
    headers,
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.status;
}

describe('listings', () => {
  interface Listing {
    readonly base: string;
    readonly quote: string;
    readonly symbol: string;
    readonly tickSize: string | null;
  }
  const LISTINGS = '{ listings { base quote symbol tickSize } }';
  const listingsOf = async (app: RunningApp): Promise<readonly Listing[]> =>
    (await query<{ listings: Listing[] }>(app, LISTINGS)).data?.listings ?? [];

  it('are the pairs of the newest turn with the ticks that the exchange states', async () => {
    const { app } = await start({ EXCHANGE: 'simulated' });
    await turnReached(app, 1);
    const listings = await listingsOf(app);
    expect(listings).toHaveLength(28);
    expect(listings.map(({ symbol }) => symbol)).toEqual(
      listings.map(({ symbol }) => symbol).sort(),
    );
    const tickOf = (symbol: string) => listings.find((one) => one.symbol === symbol);
    expect(tickOf('BTCUSDT')).toEqual({
      ...{ base: 'BTC', quote: 'USDT', symbol: 'BTCUSDT', tickSize: '0.01' },
    });
    expect(tickOf('DOGEBTC')?.tickSize).toBe('0.00000001');
    expect(tickOf('BTCJPY')?.tickSize).toBe('1');
  });

  it('cost the exchange nothing, however often a turn is run and they are asked for', async () => {
    const { app } = await start({ EXCHANGE: 'simulated' });
    for (let turns = 0; turns < 3; turns++) {
      await runTurn(app);
      await listingsOf(app);
    }
    const calls = 'dynamics_exchange_calls_total{endpoint="exchangeInfo",outcome="OK"}';
    expect(await metric(app, calls.replaceAll(/[{}]/g, '\\$&'))).toBe(1);
  });

  it('have no tick where nobody states one', async () => {
    const { app } = await start({ ASSETS: 'USDT,BTC,ETH' }, { market: scripted() });
    await turnReached(app, 1);
    const listings = await listingsOf(app);
    expect(listings.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHBTC', 'ETHUSDT']);
    expect(listings.every(({ tickSize }) => tickSize === null)).toBe(true);
  });
});

describe('recent warnings', () => {
  interface Logged {
    readonly recentWarnings:
      | readonly {
          readonly level: string;
          readonly code: string | null;
          readonly message: string;
          readonly at: string;
        }[]
      | null;
  }
  const LOGGED = 'recentWarnings { at level code message }';

  it.each<LogLevel>(['info', 'silent'])(
    'are the newest lines of the log, whatever its level: %s',
    async (level) => {
      const market = new ScriptedMarket(() => refused('EXCHANGE_TIMEOUT', 'no answer'));
      const { app, log } = await start({ ASSETS: 'USDT,BTC,ETH' }, { market, level });
      log.info('of no concern');
      const { recentWarnings } = await until(
        'the failed turn in the warnings',
        () => statusOf<Logged>(app, LOGGED),
        (status) => status.recentWarnings?.some(({ code }) => code === 'EXCHANGE_TIMEOUT') === true,
      );
      const [newest] = recentWarnings ?? [];
      expect(newest).toMatchObject({ level: 'WARN', message: 'turn failed: no answer' });
      expect(Math.abs(Date.parse(newest?.at ?? '') - Date.now())).toBeLessThan(60 * MINUTE);
      log.error({ err: new Error('at mongodb://me:pass@host/x\n there') }, 'broken');
      const [error] = (await statusOf<Logged>(app, LOGGED)).recentWarnings ?? [];
      expect(error).toMatchObject({ level: 'ERROR', code: null });
      expect(error?.message).toBe('broken: at mongodb://…@host/x there');
    },
  );

  it('are a hundred at most, and none of them is long', async () => {
    const { app, log } = await start({ ASSETS: 'USDT,BTC,ETH' }, { market: scripted() });
    for (let n = 1; n <= 150; n++) log.warn(`${n} ${'x'.repeat(10_000)}`);
    const { recentWarnings } = await statusOf<Logged>(app, LOGGED);
    expect(recentWarnings).toHaveLength(100);
    expect(recentWarnings?.map(({ message }) => Number.parseInt(message))).toEqual(
      Array.from({ length: 100 }, (_, n) => 150 - n),
    );
    for (const { message } of recentWarnings ?? []) expect(message.length).toBeLessThan(700);
  });

  it('are an operator’s, as the names of instances are: a viewer gets null, and the rest', async () => {
    const { app, log } = await start(
      { ASSETS: 'USDT,BTC,ETH', API_SECRET_KEY },
      { market: scripted() },
    );
    log.warn('something');
    const asked = `${LOGGED} instances { name } version`;
    const as = async (role: 'viewer' | 'operator') => {
      const token = await issueToken(API_SECRET_KEY, role, Date.now() + 60_000);
      return statusOf<Logged & { instances: unknown; version: string }>(app, asked, {
        authorization: `Bearer ${token}`,
      });
    };
    expect(await as('viewer')).toEqual({
      ...{ recentWarnings: null, instances: null },
      version: expect.any(String) as string,
    });
    const status = await as('operator');
    expect(status.recentWarnings?.[0]?.message).toBe('something');
    expect(status.instances).not.toBeNull();
  });
});

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

describe('an exchange that cannot be read', () => {
  interface Troubled {
    readonly exchange: {
      readonly trouble: {
        readonly code: string;
        readonly since: string;
        readonly message: string;
        readonly tryThis: readonly string[];
      } | null;
    };
    readonly lastFailure: { readonly code: string; readonly message: string } | null;
    readonly recentWarnings: readonly { readonly message: string }[];
  }
  const TROUBLE =
    'exchange { trouble { code since message tryThis } } lastFailure { code message } recentWarnings { message }';

  it('from the start on: what to try stands in the status and in the log', async () => {
    const exchange = await startExchange(systemClock);
    exchange.faults.add({ kind: 'STATUS', status: 451, body: 'JSON' });
    const { app } = await start({
      EXCHANGE: 'binance',
      BINANCE_HTTP_BASE: exchange.url,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '1000',
    });
    const { exchange: stands, ...status } = await until(
      'a turn that failed',
      () => statusOf<Troubled>(app, TROUBLE),
      ({ lastFailure }) => lastFailure !== null,
    );
    expect(stands.trouble).toMatchObject({ code: 'REGION' });
    const words = stands.trouble?.tryThis.join(' ') ?? '';
    for (const word of ['region', 'BINANCE_HTTP_BASE', 'EXCHANGE=simulated']) {
      expect(words).toContain(word);
      expect(status.lastFailure?.message).toContain(word);
      expect(status.recentWarnings.at(-1)?.message).toContain(word);
    }
    expect(status.lastFailure?.code).toBe('EXCHANGE_ERROR');
    exchange.faults.clear();
    await turnReached(app, 1);
    expect((await statusOf<Troubled>(app, TROUBLE)).exchange.trouble).toBeNull();

    // What goes wrong later is no matter of the first minute.
    exchange.faults.add({ kind: 'RESET' });
    const later = await until(
      'a turn that failed later',
      () => statusOf<Troubled>(app, TROUBLE),
      (each) => each.lastFailure?.code === 'EXCHANGE_UNREACHABLE',
    );
    expect(later.exchange.trouble?.code).toBe('NO_CONNECTION');
    expect(later.lastFailure?.message).not.toContain('EXCHANGE=simulated');
  });

  it('is not blamed on the network where it is one of our own', async () => {
    const exchange = await startExchange(systemClock);
    await exchange.stop();
    const market = marketOf(exchange, { kind: 'SIMULATED', clock: systemClock });
    const { app } = await start({}, { market });
    const { exchange: stands } = await until(
      'trouble',
      () => statusOf<Troubled>(app, TROUBLE),
      (status) => status.exchange.trouble !== null,
    );
    expect(stands.trouble).toMatchObject({ code: 'NO_CONNECTION', tryThis: [] });
  });
});

it('a mistyped asset is named in the status with what may be meant, and in the log once', async () => {
  const { app } = await start({ EXCHANGE: 'simulated', ASSETS: 'USDT,BTC,eth' });
  await runTurn(app);
  const words = /null: eth \(ETH\?\)\.$/;
  const { warnings, recentWarnings } = await statusOf<{
    warnings: readonly string[];
    recentWarnings: readonly { message: string }[];
  }>(app, 'warnings recentWarnings { message }');
  expect(warnings.filter((warning) => words.test(warning))).toHaveLength(1);
  expect(recentWarnings.filter(({ message }) => words.test(message))).toHaveLength(1);
});
