import { afterAll, beforeAll } from 'vitest';
import { launchApp, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { turnReached } from './turns.js';

interface RestAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** A server with one cycle for the tests of one file, and calls of its REST paths. */
export class RestApp {
  readonly #database = useDatabase();
  readonly market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  #run = 0;
  app!: RunningApp;

  constructor() {
    beforeAll(async () => {
      this.app = await this.start();
      await turnReached(this.app, 1);
    });
    afterAll(() => this.app.stop());
  }

  /** Another server on a database of its own; the caller ends it. */
  start(settings: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
    return launchApp(
      {
        MONGO_URI: this.#database.engine.uri,
        DATABASE_NAME: `rest_${process.pid}_${++this.#run}`,
        DATA_DIR: this.#database.dataDir,
        ASSETS: 'USDT,BTC,ETH',
        CYCLE_INTERVAL_MS: '86400000',
        ...settings,
      },
      { market: this.market },
    );
  }

  async call(path: string, init: RequestInit = {}, to = this.app): Promise<RestAnswer> {
    const response = await fetch(to.url + path, init);
    const { status, headers } = response;
    const body = (await response.json()) as Record<string, unknown>;
    return { status, type: headers.get('content-type')?.split(';')[0] ?? null, body, headers };
  }
}
