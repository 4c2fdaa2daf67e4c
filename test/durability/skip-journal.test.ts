import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { MongoClient, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SkipFolder } from '../../src/data-dir/skip-folder.js';
import { Damage } from '../../src/history/damage.js';
import type { SkipRun } from '../../src/history/skip-store.js';
import { launchApp, query, startApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { keptLogger } from '../support/logs.js';
import { filesIn, jsonIn, outage } from '../support/outage.js';
import { frameAt, observed, refused, ScriptedMarket } from '../support/scripted-market.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let client: MongoClient;
beforeAll(async () => {
  client = await MongoClient.connect(database.engine.uri);
});
afterAll(() => client.close());

const documentsOf = (name: string) => client.db(`${name}_simulated`).collection('skipped_turns');
const storedIn = (name: string) => documentsOf(name).find().sort({ from: 1 }).toArray();

const settingsOf = (name: string) => ({
  MONGO_URI: database.engine.uri,
  DATABASE_NAME: name,
  DATA_DIR: temporaryFolder(),
  ASSETS: 'USDT,BTC,ETH',
  CYCLE_INTERVAL_MS: '50',
});

const frames = (n: number) => observed(frameAt(1_700_000_000_000 + n * 1000, n));
const sum = (documents: readonly Document[]): number =>
  documents.reduce((total, { count }) => total + Number(count), 0);

/** What this process keeps on disk. */
function keptIn(dataDir: string): SkipRun[] {
  const [text = ''] = jsonIn(`${dataDir}/skips`);
  const [, json = '[]'] = text.split('\n');
  return JSON.parse(json) as SkipRun[];
}

describe('turns that were not completed', () => {
  it('are stored as one run for each reason, whether they were skipped or failed', async () => {
    const market = new ScriptedMarket((n) => {
      if (n === 3 || n === 4) return refused('EXCHANGE_ERROR', 'the exchange is ill');
      if (n === 5) return refused('ACCOUNT_UNREADABLE', 'no key is taken');
      if (n === 7) return refused('EXCHANGE_ERROR', 'the exchange is ill');
      return frames(n);
    });
    const app = await startApp(settingsOf('skips_runs'), market);
    await turnReached(app, 4);
    const found = await until(
      'three runs to be stored',
      () => storedIn('skips_runs'),
      (documents) => documents.length === 3,
    );
    expect(
      found.map(({ afterTurn, code, message, count }): unknown[] => [
        afterTurn,
        code,
        message,
        count,
      ]),
    ).toEqual([
      [2, 'EXCHANGE_ERROR', 'the exchange is ill', 2],
      [2, 'ACCOUNT_UNREADABLE', 'no key is taken', 1],
      [3, 'EXCHANGE_ERROR', 'the exchange is ill', 1],
    ]);
    for (const { to } of found) expect(to).toBeInstanceOf(Date);
    expect(Number(found[0]?.['to'])).toBeGreaterThan(Number(found[0]?.['from']));
    expect(found[1]?.['to']).toEqual(found[1]?.['from']);
  });

  it('are kept on disk while the database is away, and stored once it is back', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri, { ALONE_FOR_MS: '0' });
    const name = `outage_${proxy.port}`;
    const app = await start();
    await turnReached(app, 2);
    proxy.set('cut');
    await until(
      'two skips to be kept',
      () => keptIn(dataDir),
      (kept) => sum(kept) >= 2,
    );
    proxy.set('pass');
    await until(
      'nothing to be kept',
      () => keptIn(dataDir),
      (kept) => kept.length === 0,
    );
    const found = await storedIn(name);
    expect(sum(found)).toBeGreaterThanOrEqual(2);
    expect(new Set(found.map(({ code }) => String(code)))).toEqual(
      new Set(['DATABASE_UNAVAILABLE']),
    );
  });

  it('are stored by the next process where this one ended before the database was back', async () => {
    const { proxy, dataDir, start } = await outage(database.engine.uri, { ALONE_FOR_MS: '0' });
    const name = `outage_${proxy.port}`;
    const first = await start();
    await turnReached(first, 2);
    proxy.set('cut');
    await until(
      'two skips to be kept',
      () => keptIn(dataDir),
      (kept) => sum(kept) >= 2,
    );
    await first.stop();
    const kept = keptIn(dataDir);
    expect(await storedIn(name)).toEqual([]);
    proxy.set('pass');
    await start();
    const found = await until(
      'what was kept to be stored',
      () => storedIn(name),
      (documents) => documents.length >= kept.length,
    );
    expect(found.slice(0, kept.length)).toEqual(
      kept.map(({ id, from, to, ...rest }) => ({
        ...{ _id: id, from: new Date(from), to: new Date(to) },
        ...rest,
      })),
    );
    await until(
      'the file to be gone',
      () => keptIn(dataDir),
      (left) => left.length === 0,
    );
  });

  it('cost nothing else where the database refuses them, which is logged once', async () => {
    const name = 'skips_refused';
    const nothing = { validator: { _id: 'none' } };
    await client.db(`${name}_simulated`).createCollection('skipped_turns', nothing);
    const lines: string[] = [];
    const market = new ScriptedMarket((n) =>
      n % 2 === 0 ? refused('EXCHANGE_ERROR', `failure ${n}`) : frames(n),
    );
    const log = keptLogger((line) => lines.push(line));
    const app: RunningApp = await launchApp(settingsOf(name), { market, log });
    await turnReached(app, 4);
    const { data } = await query(app, '{ status { latestTurn } }');
    await app.stop();
    expect(data).toBeTruthy();
    expect(lines.filter((line) => line.includes('SKIPS_NOT_STORED'))).toHaveLength(1);
    expect(await storedIn(name)).toEqual([]);
  });
});

describe('a file of kept skips', () => {
  it('that was damaged is set aside, and said, and keeps nobody from the others', async () => {
    const dataDir = temporaryFolder();
    const damage = new Damage(keptLogger());
    const folder = () => new SkipFolder(dataDir, 'prices', damage);
    const run: SkipRun = {
      ...{ id: 'a', from: 1, to: 2, afterTurn: 3 },
      ...{ code: 'EXCHANGE_ERROR', message: 'the exchange is ill', count: 4 },
    };
    await folder().write([run]);
    await folder().write([{ ...run, id: 'b' }]);
    const files = filesIn(`${dataDir}/skips/prices`);
    const damaged = files.find((name) =>
      readFileSync(`${dataDir}/skips/prices/${name}`, 'utf8').includes('"a"'),
    );
    const place = `${dataDir}/skips/prices/${damaged}`;
    writeFileSync(place, readFileSync(place, 'utf8').replace('"count":4', '"count":5'));
    mkdirSync(`${dataDir}/skips/prices/0.json`);
    const reader = folder();
    expect(await reader.read()).toEqual([{ ...run, id: 'b' }]);
    expect(damage.warnings.join()).toMatch(/is of no use: it is damaged/);
    expect(filesIn(`${dataDir}/rejected/prices`).sort()).toEqual(['0.json', damaged].sort());
    await reader.removeRead();
    expect(filesIn(`${dataDir}/skips/prices`)).toEqual([]);
  });
});
