import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { query, startApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { folderWith, snapshotName, tickerRow } from '../support/recordings.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';
import { until } from '../support/until.js';
import { playedOut } from '../support/replay.js';

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

/** Replays of one recording share a database, as after a restart. */
function replay(
  settings: Readonly<Record<string, string>> & { readonly REPLAY_PATH: string },
): Promise<RunningApp> {
  return startApp({
    MONGO_URI: database.engine.uri,
    DATABASE_NAME: path.basename(settings.REPLAY_PATH),
    DATA_DIR: database.dataDir,
    EXCHANGE: 'replay',
    CYCLE_INTERVAL_MS: '50',
    ...settings,
  });
}

describe('a replay', () => {
  it.each([
    ['step', MINUTE],
    // A turn every 50 ms, 2,400 times as fast.
    ['2400', 2 * MINUTE],
    ['1', MINUTE],
  ])('at speed %s stores how far apart its turns were to be', async (speed, intervalMs) => {
    const folder = recordingOf(12);
    const settings = { REPLAY_PATH: folder, REPLAY_SPEED: speed, ASSETS: 'BTC,USDT' };
    const app = await replay(settings);
    await turnReached(app, 1);
    expect((await query(app, '{ cycle(turn: 1) { intervalMs } }')).data).toEqual({
      cycle: { intervalMs },
    });
  });

  it('plays each moment once, goes on after a restart, and says when it is over', async () => {
    const folder = recordingOf(12);
    const settings = { REPLAY_PATH: folder, REPLAY_SPEED: 'step', ASSETS: 'BTC,USDT' };
    const first = await replay(settings);
    await turnReached(first, 3);
    await first.stop();
    const second = await replay(settings);
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
      const app = await replay({
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
    const app = await replay({
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
    const app = await replay({
      REPLAY_PATH: folder,
      REPLAY_SPEED: '60',
      ASSETS: 'USDT,BTC,ETH',
    });
    const { status } = await playedOut(app);
    expect(status.latestTurn).toBeGreaterThanOrEqual(2);
    expect((await courseOf(app))?.at(-1)).toEqual([2, 60_002]);
  });
});
