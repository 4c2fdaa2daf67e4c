import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import { makeFrame } from '../../src/domain/frame.js';
import type { MatrixKind } from '../../src/domain/matrix.js';
import { parseExchangeInfo, parseTickers } from '../../src/exchange/binance/parse.js';
import { disagreements } from '../support/agreement.js';
import { query, startApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { definedFigures } from '../support/definitions.js';
import { UNIVERSE } from '../support/exchange.js';
import { largestAssets } from '../support/recorded.js';
import { folderWith, snapshotName, tickerRow } from '../support/recordings.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
const START = Date.UTC(2022, 10, 8, 12);
const MINUTE = 60_000;

function recordingOf(minutes: number): string {
  const folder = temporaryFolder();
  const rows = Array.from({ length: minutes }, (_, minute) => {
    const open = START + minute * MINUTE;
    return `${open},1,9,1,${minute + 1},2,${open + MINUTE - 1},100.5,7,1,50,0`;
  });
  writeFileSync(path.join(folder, 'BTCUSDT.csv'), rows.join('\n'));
  return folder;
}

function replay(name: string, settings: Readonly<Record<string, string>>): Promise<RunningApp> {
  return startApp({
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: `${name}_${process.pid}`,
    DATA_DIR: database.dataDir,
    EXCHANGE: 'replay',
    CYCLE_INTERVAL_MS: '50',
    ...settings,
  });
}

interface Played {
  readonly status: {
    readonly exchange: { readonly kind: string };
    readonly latestTurn: number | null;
    readonly nextCycleAt: string | null;
    readonly warnings: readonly string[];
  };
  readonly cycles: { readonly nodes: readonly { readonly turn: number; observedAt: string }[] };
}

async function played(app: RunningApp): Promise<Played> {
  const { data } = await query<Played>(
    app,
    `{ status { exchange { kind } latestTurn nextCycleAt warnings }
       cycles(first: 100) { nodes { turn observedAt } } }`,
  );
  if (!data) throw new Error('no answer');
  return data;
}

const playedOut = (app: RunningApp): Promise<Played> =>
  until(
    'the end of the recording',
    () => played(app),
    ({ status }) => status.warnings.some((words) => /over/.test(words)),
  );

describe('a replay', () => {
  it('plays each moment once, goes on after a restart, and says when it is over', async () => {
    const folder = recordingOf(12);
    const settings = { REPLAY_PATH: folder, REPLAY_SPEED: 'step', ASSETS: 'BTC,USDT' };
    const first = await replay('restart', settings);
    await turnReached(first, 3);
    await first.stop();
    const second = await replay('restart', settings);
    const end = await playedOut(second);
    expect(end.status).toMatchObject({
      exchange: { kind: 'REPLAY' },
      latestTurn: 12,
      nextCycleAt: null,
    });
    expect(end.cycles.nodes.map(({ observedAt }) => Date.parse(observedAt)).reverse()).toEqual(
      Array.from({ length: 12 }, (_, minute) => START + (minute + 1) * MINUTE),
    );
    const { errors } = await until(
      'a turn that cannot be run',
      () => query(second, 'mutation { runCycle { ran } }'),
      // For a second after the last cycle that one is the answer.
      (answer) => answer.errors !== undefined,
    );
    expect(errors?.[0]?.message).toMatch(/is over/);
  });
});

describe('a moment of a recording that makes no turn', () => {
  const at = (minute: number): number => START + minute * MINUTE;
  const PRICES: Readonly<Record<string, number>> = {
    BTCUSDT: 60_000,
    ETHUSDT: 3_000,
    ETHBTC: 0.05,
  };
  const snapshot = (minute: number, symbols = Object.keys(PRICES)): string =>
    JSON.stringify(
      symbols.map((symbol) => tickerRow(symbol, (PRICES[symbol] ?? 0) + minute, at(minute))),
    );
  const zeros = JSON.stringify(Object.keys(PRICES).map((symbol) => tickerRow(symbol, '0', at(1))));
  const bad: Readonly<Record<string, string>> = {
    empty: '[]',
    'cut off': snapshot(1).slice(0, 300),
    thin: snapshot(1, ['ETHBTC']),
    'without a price': zeros,
  };
  const courseOf = async (app: RunningApp) => {
    const { data } = await query<{
      cycles: { nodes: { observedAt: string; matrix: { values: number[][] } }[] };
    }>(
      app,
      `{ cycles(first: 100) { nodes { observedAt
         matrix(kind: ID_BENCHMARK, bases: ["BTC"], quotes: ["USDT"]) { values } } } }`,
    );
    return data?.cycles.nodes
      .map(({ observedAt, matrix }) => [
        (Date.parse(observedAt) - START) / MINUTE,
        matrix.values[0]?.[0],
      ])
      .reverse();
  };

  it.each(Object.entries(bad))('is passed once, and named: %s', async (name, content) => {
    for (const [place, expected] of [
      [1, [0, 2, 3]],
      [3, [0, 1, 2]],
    ] as const) {
      const folder = folderWith(
        Object.fromEntries(
          [0, 1, 2, 3].map((n) => [snapshotName(at(n)), n === place ? content : snapshot(n)]),
        ),
      );
      const app = await replay(`bad_${name.replaceAll(' ', '_')}_${place}`, {
        REPLAY_PATH: folder,
        REPLAY_SPEED: 'step',
        ASSETS: 'USDT,BTC,ETH',
      });
      const { status } = await playedOut(app);
      expect(await courseOf(app)).toEqual(expected.map((n) => [n, 60_000 + n]));
      const told = status.warnings.filter((words) => words.includes(snapshotName(at(place))));
      expect(told).toEqual([expect.stringMatching(/^Left out of the replay: /)]);
      await app.stop();
    }
  });

  it('is none where symbols have left for good', async () => {
    const folder = folderWith(
      Object.fromEntries(
        [0, 1, 2, 3, 4].map((n) => [
          snapshotName(at(n)),
          n < 2 ? snapshot(n) : snapshot(n, ['BTCUSDT']),
        ]),
      ),
    );
    const app = await replay('left', {
      REPLAY_PATH: folder,
      REPLAY_SPEED: 'step',
      ASSETS: 'USDT,BTC,ETH',
    });
    const { status } = await playedOut(app);
    expect(await courseOf(app)).toEqual([0, 1, 2, 3, 4].map((n) => [n, 60_000 + n]));
    expect(status.warnings.join()).toMatch(/ETHBTC, ETHUSDT/);
  });

  it('holds up no replay that goes by its own pace', async () => {
    const folder = folderWith(
      Object.fromEntries(
        [0, 1, 2, 3].map((n) => [snapshotName(at(n)), n === 3 ? '[]' : snapshot(n)]),
      ),
    );
    writeFileSync(path.join(folder, snapshotName(at(1))), bad['thin'] as string);
    const app = await replay('bad_pace', {
      REPLAY_PATH: folder,
      REPLAY_SPEED: '600',
      ASSETS: 'USDT,BTC,ETH',
    });
    const { status } = await playedOut(app);
    expect(status.latestTurn).toBeGreaterThanOrEqual(2);
    expect((await courseOf(app))?.at(-1)).toEqual([2, 60_002]);
  });
});

const FTX = '../shared/data/klines/2022-11-08_1m';
describe.skipIf(!existsSync(FTX))('the FTX crash (where ../shared/data is there)', () => {
  it('is run through to its end, at a faster pace than its own', async () => {
    const app = await replay('ftx', {
      REPLAY_PATH: FTX,
      REPLAY_SPEED: '36000',
      ASSETS: 'USDT,BTC,ETH,BNB,DOGE,BRL,EUR,BUSD',
    });
    const { status, cycles } = await playedOut(app);
    expect(status.latestTurn).toBeGreaterThan(3);
    expect(cycles.nodes[0]?.observedAt).toBe('2022-11-09T15:11:00.000Z');
    const { data } = await query<{
      latestCycle: {
        assets: { symbol: string; strength: number }[];
        matrix: { values: unknown[][] };
      };
    }>(app, '{ latestCycle { assets { symbol strength } matrix(kind: ID_BENCHMARK) { values } } }');
    expect(data?.latestCycle.matrix.values.flat()).not.toContain(null);
    const strengths = data?.latestCycle.assets.map(({ strength }) => strength) ?? [];
    expect(strengths.every((strength) => Number.isFinite(strength) && strength !== 0)).toBe(true);
  });
});

const DATA = '../shared/data';
describe.skipIf(!existsSync(DATA))('a snapshot of 2024 (where ../shared/data is there)', () => {
  const snapshot = `${DATA}/ticker24hr/2024-07-29T172113Z.json`;
  const listing = `${DATA}/exchangeInfo/2024-09-08.json`;
  const observedAt = Date.UTC(2024, 6, 29, 17, 21, 13);
  const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

  it.each<[string, () => readonly string[]]>([
    ['the default universe', () => UNIVERSE],
    [
      'the 100 assets with the largest quote volume',
      () => largestAssets(read(snapshot), read(listing), 100),
    ],
  ])('is served with the matrices of an independent computation, for %s', async (_name, assets) => {
    const universe = assets();
    const folder = temporaryFolder();
    symlinkSync(path.resolve(snapshot), path.join(folder, path.basename(snapshot)));
    symlinkSync(path.resolve(listing), path.join(folder, 'exchangeInfo.json'));
    const app = await replay(`snapshot${universe.length}`, {
      REPLAY_PATH: folder,
      ASSETS: universe.join(','),
    });
    await playedOut(app);
    const { data } = await query<{ latestCycle: ServedCycle }>(
      app,
      '{ latestCycle { turn observedAt symbols matrices { kind values } } }',
    );
    const cycle = data?.latestCycle;
    expect(cycle).toMatchObject({
      turn: 1,
      observedAt: new Date(observedAt).toISOString(),
      symbols: universe,
    });
    const pairs = tradingPairs(parseExchangeInfo(read(listing)).listings, universe);
    const { tickers } = makeFrame(pairs, parseTickers(read(snapshot)), observedAt);
    const defined = definedFigures(tickers, observedAt, universe);
    for (const { kind, values } of cycle?.matrices ?? []) {
      if (kind === 'ID_PCT') expect(values.flat().every((value) => value === null)).toBe(true);
      else expect(disagreements(kind, values, universe, defined)).toEqual([]);
    }
    expect(cycle?.matrices).toHaveLength(5);
  });
});

interface ServedCycle {
  readonly matrices: readonly {
    readonly kind: MatrixKind;
    readonly values: readonly (readonly (number | null)[])[];
  }[];
}
