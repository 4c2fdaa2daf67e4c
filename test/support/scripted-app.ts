import { beforeEach } from 'vitest';
import { startApp, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { runTurn, turnReached } from './turns.js';

/** A server over a scripted market for each test; the metronome runs turn 1, and tests ask for more. */
export class ScriptedApp {
  app!: RunningApp;
  market!: ScriptedMarket;

  constructor() {
    const database = useDatabase();
    let run = 0;
    beforeEach(async () => {
      this.market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
      this.app = await startApp(
        {
          MONGO_URI: database.engine.uri,
          DATABASE_NAME: `api_${process.pid}_${++run}`,
          DATA_DIR: database.dataDir,
          ASSETS: 'USDT,BTC,ETH,XRP',
          CYCLE_INTERVAL_MS: '86400000',
        },
        this.market,
      );
      await turnReached(this.app, 1);
    });
  }

  /** Waits out the second in which the last turn counts as fresh, and runs turns. */
  async runTurns(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await runTurn(this.app);
  }
}
