import type { TestDatabase } from './database.js';
import { runCommand, startServer, type Ended } from './process.js';
import { temporaryFolder } from './temporary.js';

type Settings = Readonly<Record<string, string>>;

let places = 0;

/** A database of its own, a folder, and the commands on both. */
export function workplace(database: TestDatabase, settings: Settings = {}) {
  const name = `commands_${places++}`;
  return embeddedPlace({ MONGO_URI: database.engine.uri, DATABASE_NAME: name, ...settings });
}

/** The same with the engine that comes along, in the folder. */
export function embeddedPlace(settings: Settings = {}) {
  const folder = temporaryFolder();
  const all: Settings = { ASSETS: 'USDT,BTC,ETH', CYCLE_INTERVAL_MS: '50', ...settings };
  return {
    dataDir: `${folder}/.data`,
    database: `${all['DATABASE_NAME'] ?? 'dynamics_prototype'}_simulated`,
    run: (...args: string[]): Promise<Ended> => runCommand(args, all, folder),
    serve: (more: Settings = {}) => startServer({ ...all, ...more }, folder),
  };
}

/** A folder with settings, and the commands there. */
export type Workplace = ReturnType<typeof workplace>;
