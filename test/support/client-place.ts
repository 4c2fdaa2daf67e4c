import { startProxy, type Proxy } from '../chaos/proxy.mjs';
import { launchApp, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { metric } from './metrics.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';
import { until } from './until.js';

/** Servers of databases of their own, for the tests of one file about clients. */
export class ClientPlace {
  readonly #database = useDatabase();
  #run = 0;

  /** Where the databases are. */
  get uri(): string {
    return this.#database.engine.uri;
  }

  /** A server with its turns every so many milliseconds; the name of its database. */
  async start(intervalMs: number, settings: Readonly<Record<string, string>> = {}) {
    const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
    const name = `client_${process.pid}_${++this.#run}`;
    const app = await launchApp(
      {
        MONGO_URI: this.uri,
        DATABASE_NAME: name,
        DATA_DIR: `${this.#database.dataDir}/${name}`,
        ASSETS: 'USDT,BTC,ETH',
        CYCLE_INTERVAL_MS: String(intervalMs),
        REQUESTS_PER_MINUTE: '0',
        ...settings,
      },
      { market },
    );
    return { app, name };
  }
}

/** A network between a server and its clients, which can be cut. */
export function proxyTo({ url }: RunningApp): Promise<Proxy> {
  return startProxy({ host: '127.0.0.1', port: Number(new URL(url).port) });
}

/** Waits until a server has so many subscribers. */
export function subscribed(app: RunningApp, count: number): Promise<number> {
  return until(
    `${count} subscribers`,
    () => metric(app, 'dynamics_subscribers'),
    (found) => found === count,
  );
}
