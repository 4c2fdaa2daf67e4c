import { MongoClient, type Db } from 'mongodb';
import type { Cycle } from '../../src/domain/cycle.js';
import { openDatabase } from '../../src/open-database.js';
import type { TestDatabase } from './database.js';
import { keptLogger } from './logs.js';
import { runCommand, startServer, type Ended } from './process.js';
import { cyclesAt, SPARSE } from './sealed.js';
import { temporaryFolder } from './temporary.js';

/** What all commands and servers are given: the universe of the cycles, and a turn an hour. */
export const SETTINGS = { ASSETS: 'USDT,BTC,ETH', CYCLE_INTERVAL_MS: '3600000' };

let places = 0;

/** A database that holds some cycles, a folder, and the commands on both. */
export async function storedPlace(
  database: TestDatabase,
  cycles: readonly Cycle[] = cyclesAt(SPARSE),
) {
  const folder = temporaryFolder();
  const dataDir = `${folder}/.data`;
  const DATABASE_NAME = `history_${places++}`;
  const uri = database.engine.uri;
  const name = `${DATABASE_NAME}_simulated`;
  const settings = { ...SETTINGS, MONGO_URI: uri, DATABASE_NAME };
  const place = {
    folder,
    name,
    settings,
    run: (...args: string[]): Promise<Ended> => runCommand(args, settings, folder),
    serve: () => startServer(settings, folder),
    /** Works on the stored data, past all commands. */
    async open<T>(
      work: (open: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>,
    ): Promise<T> {
      const open = await openDatabase({ uri, name, dataDir }, keptLogger());
      try {
        return await work(open);
      } finally {
        await open.close();
      }
    },
    /** A way round everything to what is stored. */
    async raw(work: (db: Db) => Promise<void>): Promise<void> {
      const client = await MongoClient.connect(uri);
      await work(client.db(name));
      await client.close();
    },
  };
  await place.open((open) => open.cycles.saveAll(cycles));
  return place;
}

/** What a command has said, line by line. */
export function lines({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The same cycle with figures that do not follow from its frame. */
export function falsified(cycle: Cycle): Cycle {
  const { values } = cycle.quants;
  return {
    ...cycle,
    quants: { ...cycle.quants, values: [0.25, ...values.slice(1)] },
    aux: { ...cycle.aux, leadSince: 1 },
  };
}
