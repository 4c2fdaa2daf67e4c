import { describe, expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../src/exchange/served/faults.js';
import type { ExchangeServer } from '../../src/exchange/served/exchange-server.js';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { marketOf, startExchange } from '../support/exchange.js';
import { systemClock } from '../../src/time/system-clock.js';
import { keptLogger } from '../support/logs.js';
import { EXCHANGE_KEYS, SECRET_BALANCE } from '../support/secrets.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
const clock = systemClock;
const TICKERS = '/api/v3/ticker/24hr';
const INTERVAL_MS = 50;
let run = 0;

interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly code?: string;
}

interface System {
  readonly app: RunningApp;
  readonly exchange: ExchangeServer;
  /** What was logged as a warning or worse. */
  readonly warnings: readonly LogLine[];
}

/**
 * The whole system with an account on an exchange that fails on demand.
 * @param callTimeoutMs how long the exchange may take; where it is not silent, longer than it takes on
 * a busy machine
 */
async function startSystem(callTimeoutMs = 60_000): Promise<System> {
  const balances = [{ asset: 'BTC', free: SECRET_BALANCE, locked: '0' }];
  const exchange = await startExchange(clock, { account: { ...EXCHANGE_KEYS, balances } });
  const market = marketOf(exchange, { clock, keys: EXCHANGE_KEYS, callTimeoutMs });
  const warnings: LogLine[] = [];
  const log = keptLogger((text) => {
    const line = JSON.parse(text) as LogLine;
    // A busy machine may be too slow for the database, which is another matter.
    const isOfDatabase = line.code === 'DATABASE_UNAVAILABLE' || /the database/.test(line.msg);
    if (line.level >= 40 && !isOfDatabase) warnings.push(line);
  });
  const app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `failures_${process.pid}_${++run}`,
      DATA_DIR: database.dataDir,
      CYCLE_INTERVAL_MS: String(INTERVAL_MS),
    },
    // As a simulated one, because a real one would be refused at this pace.
    { market: Object.defineProperty(market, 'kind', { value: 'SIMULATED' }), log },
  );
  onTestFinished(() => app.stop());
  return { app, exchange, warnings };
}

interface Stand {
  readonly latestTurn: number | null;
  readonly lastFailure: { readonly code: string; readonly message: string } | null;
  readonly lastSkipped: { readonly code: string; readonly message: string } | null;
  readonly exchange: { readonly bannedUntil: string | null; readonly clockOffsetMs: number | null };
}

const STATUS = `{ status {
  latestTurn lastFailure { code message } lastSkipped { code message }
  exchange { bannedUntil clockOffsetMs }
} }`;

async function stand(app: RunningApp): Promise<Stand> {
  const { data } = await query<{ status: Stand }>(app, STATUS);
  if (!data) throw new Error('no status');
  return data.status;
}

async function nextTurn(app: RunningApp): Promise<number> {
  return turnReached(app, ((await stand(app)).latestTurn ?? 0) + 1);
}

interface StoredCycle {
  readonly turn: number;
  readonly wallet: { readonly balances: readonly unknown[] };
  readonly matrix: { readonly values: readonly (readonly (number | null)[])[] };
}

/** Every stored cycle is whole: no turn is missing, every rate is there, and so is the wallet. */
async function expectSoundHistory(app: RunningApp): Promise<void> {
  const { data } = await query<{ cycles: { nodes: readonly StoredCycle[] } }>(
    app,
    `{ cycles(first: 100) { nodes {
      turn wallet { balances { asset } } matrix(kind: ID_BENCHMARK) { values }
    } } }`,
  );
  const cycles = data?.cycles.nodes ?? [];
  const turns = cycles.map(({ turn }) => turn).reverse();
  expect(turns).toEqual(turns.map((_, index) => (turns[0] ?? 0) + index));
  for (const { matrix, wallet } of cycles) {
    expect(wallet.balances).toHaveLength(1);
    for (const value of matrix.values.flat()) expect(value).toBeGreaterThan(0);
  }
}

const banned = (): Fault => ({
  kind: 'STATUS',
  status: 418,
  body: 'JSON',
  bannedUntil: Date.now() + 700,
});

describe('while the exchange fails, the server stays up and says so; then it goes on', () => {
  it.each<[string, () => Fault, string | null, 'lastFailure' | 'lastSkipped', string]>([
    ['it hangs', () => ({ kind: 'HANG' }), null, 'lastFailure', 'EXCHANGE_TIMEOUT'],
    ['it resets', () => ({ kind: 'RESET' }), null, 'lastFailure', 'EXCHANGE_UNREACHABLE'],
    ['it cuts off', () => ({ kind: 'CUT_OFF' }), TICKERS, 'lastFailure', 'EXCHANGE_UNREACHABLE'],
    [
      'JSON ends early',
      () => ({ kind: 'TRUNCATED' }),
      null,
      'lastFailure',
      'EXCHANGE_BAD_RESPONSE',
    ],
    [
      'JSON is malformed',
      () => ({ kind: 'MALFORMED' }),
      null,
      'lastFailure',
      'EXCHANGE_BAD_RESPONSE',
    ],
    ['it sends pages', () => ({ kind: 'HTML' }), null, 'lastFailure', 'EXCHANGE_BAD_RESPONSE'],
    [
      'it is down',
      () => ({ kind: 'STATUS', status: 503, body: 'HTML' }),
      null,
      'lastFailure',
      'EXCHANGE_ERROR',
    ],
    ['it bans us until a time', banned, null, 'lastFailure', 'EXCHANGE_BANNED'],
    [
      'it limits us for a second, without a word',
      () => ({ kind: 'STATUS', status: 429, body: 'NONE', retryAfter: '1' }),
      null,
      'lastFailure',
      'EXCHANGE_RATE_LIMITED',
    ],
    [
      'symbols are missing',
      () => ({ kind: 'MISSING_SYMBOLS', keep: 3 }),
      null,
      'lastSkipped',
      'TOO_FEW_SYMBOLS',
    ],
    ['prices are zero', () => ({ kind: 'ZEROS' }), null, 'lastSkipped', 'TOO_FEW_SYMBOLS'],
    [
      'prices are of two days ago',
      () => ({ kind: 'FROZEN', at: Date.now() - 2 * 86_400_000 }),
      null,
      'lastSkipped',
      'TOO_FEW_SYMBOLS',
    ],
    ['types are wrong', () => ({ kind: 'WRONG_TYPES' }), null, 'lastSkipped', 'TOO_FEW_SYMBOLS'],
    [
      'the account cannot be read',
      () => ({ kind: 'STATUS', status: 500, body: 'JSON' }),
      '/api/v3/account',
      'lastSkipped',
      'ACCOUNT_UNREADABLE',
    ],
  ])('%s', async (_name, fault, path, kept, code) => {
    const { app, exchange, warnings } = await startSystem(
      code === 'EXCHANGE_TIMEOUT' ? 2_000 : undefined,
    );
    await nextTurn(app);
    exchange.faults.add(fault(), { path });
    const failing = await until(
      `${code} in the status`,
      () => stand(app),
      (status) => status[kept]?.code === code,
    );
    expect(failing[kept]?.message).not.toMatch(/test-exchange|signature=\w/);
    exchange.faults.clear();
    const failures = warnings.length;
    expect(failures).toBeGreaterThan(0);

    // Whatever was under way may still fail; the first attempt after that brings a turn.
    await nextTurn(app);
    expect(warnings.length).toBeLessThanOrEqual(failures + 1);
    for (const line of warnings) {
      expect(line.code).toBe(code);
      expect(line.msg).toMatch(/^turn (failed|skipped): \S/);
    }
    await expectSoundHistory(app);
  });

  it.each<[string, () => Fault]>([
    ['has symbols that nobody asked for', () => ({ kind: 'EXTRA_SYMBOLS' })],
    ['has prices that stand still', () => ({ kind: 'FROZEN', at: Date.now() })],
    ['has a clock that is off', () => ({ kind: 'SKEWED_CLOCK', byMs: 20_000 })],
  ])('and where it only %s, turns go on', async (_name, fault) => {
    const { app, exchange, warnings } = await startSystem();
    await nextTurn(app);
    exchange.faults.add(fault());
    for (let turns = 0; turns < 3; turns++) await nextTurn(app);
    expect(warnings).toEqual([]);
    await expectSoundHistory(app);
  });
});
