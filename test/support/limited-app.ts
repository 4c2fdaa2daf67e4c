import { afterAll, beforeAll, expect } from 'vitest';
import { launchApp, query, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { RawSocket } from './socket.js';
import { turnReached } from './turns.js';

const ASSETS = ['USDT', 'BTC', 'ETH', ...Array.from({ length: 297 }, (_, n) => `A${n}`)];

/** A server of 300 assets with one cycle, for the tests of one file about what callers may ask for. */
export class LimitedApp {
  readonly #database = useDatabase();
  app!: RunningApp;
  socket!: RawSocket;

  constructor() {
    beforeAll(async () => {
      this.app = await this.start();
      await turnReached(this.app, 1);
      this.socket = await RawSocket.open(this.app);
    });
    afterAll(() => this.app.stop());
  }

  /** Another server on the same database engine, with settings of its own; the caller ends it. */
  start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
    const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
    return launchApp(
      {
        MONGO_URI: this.#database.engine.uri,
        DATABASE_NAME: `limits_${process.pid}_${Object.keys(settings).join('')}`,
        DATA_DIR: this.#database.dataDir,
        ASSETS: ASSETS.join(','),
        CYCLE_INTERVAL_MS: '86400000',
        ...settings,
      },
      { market },
    );
  }

  /** Normal clients go on whatever others do. */
  async expectService(): Promise<void> {
    const normal = '{ latestCycle { turn matrix(kind: QUANTID, bases: ["BTC"]) { values } } }';
    expect((await query(this.app, normal)).errors).toBeUndefined();
    expect((await this.socket.run(normal)).errors).toBeUndefined();
  }
}
