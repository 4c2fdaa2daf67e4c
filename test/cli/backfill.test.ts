import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/open-database.js';
import { SimulatedMarket } from '../../src/exchange/simulated/market.js';
import { query, type RunningApp } from '../support/app.js';
import { chain, START } from '../support/cycles.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { runCommand, startServer } from '../support/process.js';
import { temporaryFolder } from '../support/temporary.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;
const DATABASE_NAME = 'backfilled';
/** Ten minutes, in two of which turns were recorded. */
const FROM = Math.floor(START / MINUTE) * MINUTE - 3 * MINUTE;
const [from, to] = [FROM, FROM + 10 * MINUTE].map((at) => new Date(at).toISOString());

interface Told {
  readonly series: {
    readonly origins: readonly string[];
    readonly counts: readonly number[];
    readonly lines: readonly { readonly values: readonly (number | null)[] }[];
  } | null;
}

const SERIES = `{ series(cells: [{base: "BTC", quote: "USDT"}], from: "${from}", to: "${to}", every: "1m") {
  origins counts lines { values } } }`;

const asked = async (server: Pick<RunningApp, 'url'>) =>
  (await query<Told>(server, SERIES)).data?.series;

describe('dynamics backfill', () => {
  const database = useDatabase();

  it('fills what was not recorded beside a server, tells what differs, and is told of', async () => {
    const settings = {
      ...{ MONGO_URI: database.engine.uri, DATABASE_NAME, ASSETS: 'USDT,BTC,ETH' },
      CYCLE_INTERVAL_MS: '3600000',
    };
    const folder = temporaryFolder();
    const place = {
      uri: database.engine.uri,
      name: `${DATABASE_NAME}_simulated`,
      dataDir: `${folder}/.data`,
    };
    const open = await openDatabase(place, keptLogger());
    await open.cycles.saveAll(chain(50));
    await open.close();
    const server = await startServer(settings, folder);
    const run = (...args: string[]) => runCommand(args, settings, folder);
    const before = await asked(server);
    expect(before?.lines[0]?.values.filter((value) => value !== null)).toHaveLength(2);

    const first = await run('backfill', '--from', from!, '--to', to!, '--json');
    expect(first.stderr).toBe('');
    const told = JSON.parse(first.stdout) as { largest: Record<string, unknown> };
    expect(told).toMatchObject({
      ...{ from, to, pairs: 3, read: 3, there: 0, failed: 0, closes: 30, faults: 0 },
      ...{ compared: 6, different: 6 },
    });
    const market = new SimulatedMarket(1);
    const closeOf = (symbol: string, at: number) =>
      Number(market.ticker(symbol, at + MINUTE - 1)?.lastPrice);
    const { symbol, minute, close, recorded, bps } = told.largest;
    expect(close).toBe(closeOf(symbol as string, Date.parse(minute as string)));
    expect(bps).toBeCloseTo(1e4 * Math.abs((close as number) / (recorded as number) - 1), 6);

    const after = await until(
      'the server to show what was backfilled',
      () => asked(server),
      (answer) => answer?.origins.includes('BACKFILLED') ?? false,
    );
    expect(after?.counts.map((count) => count > 0)).toEqual(
      after?.origins.map((origin) => origin === 'RECORDED'),
    );
    const closes = after?.origins.map((origin, at) =>
      origin === 'RECORDED' ? null : closeOf('BTCUSDT', FROM + at * MINUTE),
    );
    const recordedValues = before?.lines[0]?.values.filter((value) => value !== null) ?? [];
    expect(after?.lines[0]?.values).toEqual(
      closes?.map((value) => value ?? recordedValues.shift()),
    );
    expect(closes?.filter((value) => value === null)).toHaveLength(2);
    const csv = await fetch(`${server.url}/candles?cells=BTC/USDT&from=${from}&to=${to}&every=5m`, {
      headers: { accept: 'text/csv' },
    });
    const rows = (await csv.text()).trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/^start,origin,BTC\/USDT open,/);
    expect(rows.slice(1).map((row) => row.split(',')[1])).toEqual(['RECORDED', 'BACKFILLED']);

    const again = await run('backfill', '--from', from!, '--to', to!);
    expect(again.stdout).toContain('0 closes read, 0 days of pairs, 3 were there');
    expect(again.stdout).toContain('6 minutes of pairs were recorded too; 6 closes differ');
    const { data } = await query(server, '{ history { backfilledFrom backfilledTo } }');
    expect(data).toEqual({ history: { backfilledFrom: from, backfilledTo: to } });
    const history = await run('history', '--json');
    expect(JSON.parse(history.stdout)).toMatchObject({
      backfilled: { pairs: 3, closes: 30, from, to },
    });
  });

  it('takes nothing of another exchange, and says what it cannot do', async () => {
    const settings = {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: 'foreign',
      ASSETS: 'USDT,BTC',
    };
    const folder = temporaryFolder();
    const place = {
      uri: database.engine.uri,
      name: 'foreign_simulated',
      dataDir: `${folder}/.data`,
    };
    const open = await openDatabase(place, keptLogger());
    await open.claim({ exchange: 'SIMULATED', source: 'simulated:2', account: 'PAPER' });
    const run = (...args: string[]) => runCommand(['backfill', ...args], settings, folder);
    const foreign = await run('--from', 'now-1h');
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toContain('holds cycles of source simulated:2, not simulated:1');
    expect(await open.backfill.extent()).toBeNull();
    await open.close();
    const coarse = await run('--from', 'now-1h', '--interval', '5m');
    expect([coarse.code, coarse.stderr]).toEqual([2, expect.stringContaining('expected 1m')]);
  });
});
