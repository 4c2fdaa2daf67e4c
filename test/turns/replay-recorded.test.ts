import { existsSync, readFileSync, symlinkSync } from 'node:fs';
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
import { temporaryFolder } from '../support/temporary.js';
import { playedOut } from '../support/replay.js';

const database = useDatabase();

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
