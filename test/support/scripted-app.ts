import { afterAll, beforeAll, beforeEach } from 'vitest';
import { launchApp, startApp, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { runTurn, turnReached } from './turns.js';

/**
 * A server over a scripted market for each test, or one for all that change nothing; the metronome runs
 * turn 1, and tests ask for more.
 */
export class ScriptedApp {
  app!: RunningApp;
  market!: ScriptedMarket;

  constructor({ isForAll = false } = {}) {
    const database = useDatabase();
    let run = 0;
    if (isForAll) afterAll(() => this.app.stop());
    const before = isForAll ? beforeAll : beforeEach;
    before(async () => {
      this.market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
      const settings = {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: `api_${process.pid}_${++run}`,
        DATA_DIR: database.dataDir,
        ASSETS: 'USDT,BTC,ETH,XRP',
        CYCLE_INTERVAL_MS: '86400000',
      };
      const { market } = this;
      this.app = isForAll
        ? await launchApp(settings, { market })
        : await startApp(settings, market);
      await turnReached(this.app, 1);
    });
  }

  /** Waits out the second in which the last turn counts as fresh, and runs turns. */
  async runTurns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await runTurn(this.app);
  }
}
