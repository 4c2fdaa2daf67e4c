import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import { makeFrame } from '../../src/domain/frame.js';
import type { StrategyAux, StrategyConfig } from '../../src/domain/strategy.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { openRecording } from '../../src/exchange/replayed/recording.js';
import { expectSameFigures } from '../support/agreement.js';
import { query, startApp, type RunningApp } from '../support/app.js';
import { definedStrategy, type PastTurn, type WorkedOut } from '../support/defined-strategy.js';
import { useDatabase } from '../support/database.js';
import { temporaryFolder } from '../support/temporary.js';
import { turnReached } from '../support/turns.js';

const FTX = '../shared/data/klines/2022-11-08_1m';
const UNIVERSE = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE', 'BRL', 'EUR', 'BUSD'];
const TURNS = 200;
const PAPER = [
  { asset: 'USDT', free: '10000', locked: '0' },
  { asset: 'BTC', free: '0.1', locked: '0' },
  { asset: 'DOGE', free: '5000', locked: '0' },
  { asset: 'LUNA', free: '7', locked: '0' },
];
const database = useDatabase();

/** The changes on the way, each made once the turn before it is there. */
const CHANGES: readonly (readonly [afterTurn: number, input: object])[] = [
  [30, { mode: 'MOMENTUM', tier: 'AGGRESSIVE' }],
  [60, { quantBase: 'BTC', expectedImprint: 1.01 }],
  [95, { tier: 'CONSERVATIVE' }],
  [130, { mode: 'REVERSION', quantBase: 'EUR' }],
  [160, { mode: 'NEUTRAL', expectedLuggage: 0.99 }],
];

/** The first minutes of the recording, in a folder of their own. */
async function shortRecording(): Promise<string> {
  const folder = path.join(temporaryFolder(), 'short');
  mkdirSync(folder);
  const whole = await openRecording(FTX, UNIVERSE);
  const end = whole.moments[TURNS - 1] as number;
  for (const { symbol } of whole.listings) {
    const rows = readFileSync(path.join(FTX, `${symbol}.csv`), 'utf8')
      .trim()
      .split('\n');
    const kept = rows.filter((row, at) => at === 0 || Number(row.split(',')[7]) < end);
    writeFileSync(path.join(folder, `${symbol}.csv`), kept.join('\n'));
  }
  return folder;
}

interface StoredTurn {
  readonly turn: number;
  readonly observedAt: string;
  readonly aux: StrategyAux;
  readonly config: StrategyConfig;
}

async function history(app: RunningApp): Promise<StoredTurn[]> {
  const turns: StoredTurn[] = [];
  for (let turn = 1; turn <= TURNS; turn += 40) {
    const numbers = Array.from({ length: Math.min(40, TURNS - turn + 1) }, (_, n) => turn + n);
    const { data } = await query<Record<string, StoredTurn>>(
      app,
      `{ ${numbers.map((n) => `t${n}: cycle(turn: ${n}) { ...T }`).join(' ')} }
       fragment T on Cycle { turn observedAt
         aux { turn leadQuant quant shift leadSince grt imprint luggage imprintReached luggageReached }
         config { version tier mode quantBase expectedImprint expectedLuggage } }`,
    );
    turns.push(...Object.values(data ?? {}));
  }
  return turns;
}

describe.skipIf(!existsSync(FTX))(
  'over 200 turns of a replay (where ../shared/data is there)',
  () => {
    it('the strategy figures are those of an independent calculation, through changes and a restart', async () => {
      const folder = await shortRecording();
      const settings = {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: `strategy_replay_${process.pid}`,
        DATA_DIR: database.dataDir,
        EXCHANGE: 'replay',
        REPLAY_PATH: folder,
        REPLAY_SPEED: 'step',
        ASSETS: UNIVERSE.join(','),
        PAPER_WALLET: PAPER.map(({ asset, free }) => `${asset}:${free}`).join(','),
        CYCLE_INTERVAL_MS: '50',
      };
      let app = await startApp(settings);
      for (const [afterTurn, input] of CHANGES) {
        await turnReached(app, afterTurn);
        const { data } = await query<{ updateStrategyConfig: { userErrors: unknown[] } }>(
          app,
          `mutation ($input: UpdateStrategyConfigInput!) {
          updateStrategyConfig(input: $input) { userErrors { message } } }`,
          { input },
        );
        expect(data?.updateStrategyConfig.userErrors).toEqual([]);
        if (afterTurn === 95) {
          await turnReached(app, 110);
          await app.stop();
          app = await startApp(settings);
        }
      }
      await turnReached(app, TURNS);

      const turns = await history(app);
      expect(turns.map(({ turn }) => turn)).toEqual(Array.from({ length: TURNS }, (_, n) => n + 1));
      expect(new Set(turns.map(({ config }) => config.version)).size).toBe(CHANGES.length + 1);
      const recording = await openRecording(folder, UNIVERSE);
      const pairs = tradingPairs(recording.listings, UNIVERSE);
      const past = turns.map(({ turn, observedAt, config }): PastTurn => {
        const at = Date.parse(observedAt);
        expect(at).toBe(recording.moments[turn - 1]);
        const frame = makeFrame(pairs, parseTickers(recording.tickers(at)), at);
        return {
          turn,
          universe: UNIVERSE,
          frame,
          holdings: { source: 'PAPER', balances: PAPER },
          config,
        };
      });
      const defined = definedStrategy(past);
      expect(defined.filter(({ isClose }) => isClose)).toEqual([]);
      for (const [at, { aux }] of turns.entries())
        expectSameFigures(aux, (defined[at] as WorkedOut).aux);
      expect(new Set(turns.map(({ aux }) => aux.leadQuant)).size).toBeGreaterThan(2);
    });
  },
);
