import 'reflect-metadata';
import { createApp } from './app.js';
import { loadConfig, type Config } from './config.js';
import { openLog, RecentWarnings } from './log.js';
import { explainStartFailure } from './start-failure.js';
import { packageVersion } from './version.js';

/** Serves until SIGTERM or SIGINT; a second signal ends at once. */
export async function serve(): Promise<void> {
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    return fail(explainStartFailure(error));
  }
  const warnings = new RecentWarnings();
  const log = await openLog(config, { warnings });
  const database = config.database.uri === null ? 'embedded' : 'external';
  const exchange = config.exchange.kind.toLowerCase();
  const about = `exchange: ${exchange}, database: ${database}`;
  log.info(`Dynamics ${packageVersion()} starts (${about})`);
  const app = createApp(config, { log, warnings });
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping: the turn under way is finished first');
    void app.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('unhandledRejection', (reason) => {
    log.error({ err: reason }, 'a promise was rejected and nobody listened');
  });
  try {
    await app.start();
  } catch (error) {
    if (stopping) return;
    return fail(explainStartFailure(error));
  }
  process.stdout.write(`ready ${app.url} (${about})\n`);
}

function fail(lines: readonly string[]): never {
  process.stderr.write(lines.join('\n') + '\n');
  process.exit(1);
}
