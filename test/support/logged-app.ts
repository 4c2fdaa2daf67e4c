import { onTestFinished } from 'vitest';
import type { LogLevel } from '../../src/config.js';
import { createLogger, RecentWarnings } from '../../src/log.js';
import type { MarketSource } from '../../src/market/market-port.js';
import { launchApp, query, type RunningApp } from './app.js';
import { useDatabase } from './database.js';
import { keepLog } from './logs.js';
import { frameAt, observed, ScriptedMarket } from './scripted-market.js';

let run = 0;

interface Started {
  readonly level?: LogLevel;
  readonly market?: MarketSource;
  readonly name?: string;
}

/** What starts servers with a log as the program makes it, for the tests of one file; each ends with its test. */
export function useLoggedApp() {
  const database = useDatabase();
  return async (settings: Readonly<Record<string, string>>, started: Started = {}) => {
    const { level = 'info', market, name = `status_${process.pid}_${++run}` } = started;
    const warnings = new RecentWarnings();
    const log = createLogger(level, { warnings, to: { write: keepLog } });
    const app = await launchApp(
      {
        MONGO_URI: database.engine.uri,
        DATABASE_NAME: name,
        DATA_DIR: database.dataDir,
        CYCLE_INTERVAL_MS: '86400000',
        ...settings,
      },
      { log, warnings, ...(market && { market }) },
    );
    onTestFinished(() => app.stop());
    return { app, log };
  };
}

/** An exchange whose prices move a little with each turn. */
export const scripted = () =>
  new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));

/** What the status says of what is selected. @throws where it is refused */
export async function statusOf<Status>(
  app: RunningApp,
  selection: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Status> {
  const { data, errors } = await query<{ status: Status }>(
    app,
    `{ status { ${selection} } }`,
    {},
    headers,
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.status;
}
