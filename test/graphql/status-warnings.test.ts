import { describe, expect, it } from 'vitest';
import { issueToken } from '../../src/http/auth.js';
import { marketOf, startExchange } from '../support/exchange.js';
import { scripted, statusOf, useLoggedApp } from '../support/logged-app.js';
import { MINUTE } from '../support/recordings.js';
import { refused, ScriptedMarket } from '../support/scripted-market.js';
import { API_SECRET_KEY } from '../support/secrets.js';
import { runTurn, turnReached } from '../support/turns.js';
import { until } from '../support/until.js';
import { systemClock } from '../../src/time/system-clock.js';
import type { LogLevel } from '../../src/config.js';

const start = useLoggedApp();

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
