import { loadConfig, type Config } from '../config.js';
import { createLogger } from '../log.js';
import { explainStartFailure } from '../start-failure.js';
import type { OpenDatabase } from '../open-database.js';

/** What a command works with. */
export interface CommandDatabase {
  readonly config: Config;
  readonly database: OpenDatabase;
}

/** A command that could not do what it was asked to; each line is for people. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** Prints a failure on standard error, and lets the process end with exit code 1. */
export async function reportingFailure(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    const lines = error instanceof CommandFailure ? error.lines : explainStartFailure(error);
    process.stderr.write(lines.join('\n') + '\n');
    process.exitCode = 1;
  }
}

/**
 * Opens the database that the settings name, its collections and indexes made, runs a command on
 * it, and closes it. A failure is printed, and ends the process with exit code 1.
 */
export async function withDatabase(
  command: (context: CommandDatabase) => Promise<void>,
): Promise<void> {
  await reportingFailure(async () => {
    const config = loadConfig();
    // Loaded by the commands that use it: the others answer at once.
    const { openDatabase } = await import('../open-database.js');
    const database = await openDatabase(config.database, createLogger('error'));
    try {
      await command({ config, database });
    } finally {
      await database.close();
    }
  });
}
