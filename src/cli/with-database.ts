import { loadConfig, type Config } from '../config.js';
import { createLogger } from '../log.js';
import { explainStartFailure } from '../start-failure.js';
import { openDatabase, type OpenDatabase } from '../storage/open-database.js';

/** What a command works with. */
export interface CommandDatabase {
  readonly config: Config;
  readonly database: OpenDatabase;
}

/**
 * Opens the database that the settings name, its collections and indexes made, runs a command on
 * it, and closes it. A failure is printed, and ends the process with exit code 1.
 */
export async function withDatabase(
  command: (context: CommandDatabase) => Promise<void>,
): Promise<void> {
  try {
    const config = loadConfig();
    const database = await openDatabase(config.database, createLogger('error'));
    try {
      await command({ config, database });
    } finally {
      await database.close();
    }
  } catch (error) {
    process.stderr.write(explainStartFailure(error).join('\n') + '\n');
    process.exitCode = 1;
  }
}
