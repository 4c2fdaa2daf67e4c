import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { query } from '../support/app.js';
import { runCommand, startServer } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

describe('a start', () => {
  it('needs no settings: it serves cycles of the simulated exchange from an embedded database', async () => {
    const folder = temporaryFolder();
    const server = await startServer({ CYCLE_INTERVAL_MS: '100' }, folder);
    expect(server.readyLine).toBe(`ready ${server.url} (exchange: simulated, database: embedded)`);
    const answer = await until(
      'two turns',
      () =>
        query<{ latestCycle: { turn: number; matrix: { values: number[][] } } | null }>(
          server,
          '{ latestCycle { turn matrix(kind: ID_BENCHMARK) { values } } }',
        ),
      ({ data }) => (data?.latestCycle?.turn ?? 0) >= 2,
    );
    expect(answer.data?.latestCycle?.matrix.values).toHaveLength(9);
  });

  it('goes on with the next turn after a stop, which is clean', async () => {
    const folder = temporaryFolder();
    const latest = (server: { url: string }) =>
      query<{ latestCycle: { turn: number } | null }>(server, '{ latestCycle { turn } }');
    let turn = 0;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const server = await startServer({ CYCLE_INTERVAL_MS: '100' }, folder);
      const { data } = await until(
        `two turns after ${turn}`,
        () => latest(server),
        (answer) => (answer.data?.latestCycle?.turn ?? 0) > turn + 1,
      );
      turn = data?.latestCycle?.turn ?? 0;
      server.signal(signal);
      const { code, stderr } = await server.ended();
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/"level":[456]0/);
    }
  });

  it('reads .env in the working folder; the environment goes first', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, '.env'), 'ASSETS=BTC,USDT\nCYCLE_INTERVAL_MS=nonsense\n');
    const server = await startServer({ CYCLE_INTERVAL_MS: '100' }, folder);
    const { data } = await until(
      'a cycle',
      () =>
        query<{ latestCycle: { symbols: string[] } | null }>(server, '{ latestCycle { symbols } }'),
      (answer) => Boolean(answer.data?.latestCycle),
    );
    expect(data?.latestCycle?.symbols).toEqual(['BTC', 'USDT']);
  });
});

describe('a start that cannot be says why and ends with 1', () => {
  it('with one line for each wrong setting, all at once', async () => {
    const { code, stdout, stderr } = await runCommand(
      ['start'],
      {
        PORT: 'http',
        ASSETS: 'BTC,BTC',
        CYCLE_INTERVAL_MS: '10',
        EXCHANGE: 'kraken',
        API_SECRET_KEY: 'short',
        HOST: '0.0.0.0',
      },
      temporaryFolder(),
    );
    expect([code, stdout]).toEqual([1, '']);
    const lines = stderr.trim().split('\n');
    expect(lines.map((line) => /^[A-Z_]+/.exec(line)?.[0]).sort()).toEqual([
      'API_SECRET_KEY',
      'ASSETS',
      'CYCLE_INTERVAL_MS',
      'EXCHANGE',
      'PORT',
    ]);
    expect(stderr).not.toContain('short');
  });

  it.each([
    [
      'no recording',
      () => ({ EXCHANGE: 'replay', REPLAY_PATH: 'nowhere' }),
      /^REPLAY_PATH: .*none/,
    ],
    [
      'an empty recording',
      () => ({ EXCHANGE: 'replay', REPLAY_PATH: temporaryFolder() }),
      /neither/,
    ],
    [
      'a database that is not there',
      () => ({ MONGO_URI: 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300' }),
      /MONGO_URI/,
    ],
    [
      'a pace that would use up what Binance allows',
      () => ({
        EXCHANGE: 'binance',
        BINANCE_HTTP_BASE: 'http://127.0.0.1:1',
        CYCLE_INTERVAL_MS: '50',
      }),
      /^CYCLE_INTERVAL_MS: .*at least 80.* 4800 a minute/,
    ],
  ])('%s', async (_name, settings, message) => {
    const folder = temporaryFolder();
    const given: Record<string, string> = settings();
    const { code, stdout, stderr } = await runCommand(['start'], { PORT: '0', ...given }, folder);
    expect([code, stdout]).toEqual([1, '']);
    const words = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    expect(words).toHaveLength(1);
    expect(words[0]).toMatch(message);
  });
});

it('a port in use is told before anything is opened, with the setting and what to do', async () => {
  const folder = temporaryFolder();
  const PORT = String(await takenPort());
  const { code, stdout, stderr } = await runCommand(['start'], { PORT }, folder);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    new RegExp(`^PORT: 127\\.0\\.0\\.1:${PORT} is in use .*set PORT to another`, 'm'),
  );
  expect(readdirSync(folder)).toEqual([]);
});

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
