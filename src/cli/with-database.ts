import type { Config } from '../config.js';
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
    const lines = error instanceof CommandFailure ? error.lines : await reasonsOf(error);
    process.stderr.write(lines.join('\n') + '\n');
    process.exitCode = 1;
  }
}

async function reasonsOf(error: unknown): Promise<readonly string[]> {
  const { explainStartFailure } = await import('../start-failure.js');
  return explainStartFailure(error);
}

/**
 * Opens the database that the settings name, its collections and indexes made, runs a command on
 * it, and closes it. A failure is printed, and ends the process with exit code 1.
 * @param options.isForImport whether it works on a database that holds a part of an import alone, too
 */
export async function withDatabase(
  command: (context: CommandDatabase) => Promise<void>,
  { isForImport = false } = {},
): Promise<void> {
  await reportingFailure(async () => {
    const context = await openCommandDatabase({ isForImport });
    try {
      await command(context);
    } finally {
      await context.database.close();
    }
  });
}

/** The same for a command that opens it when it first needs it, and closes it itself. */
export async function openCommandDatabase({ isForImport = false } = {}): Promise<CommandDatabase> {
  // Loaded once a command needs them: help and usage errors come at once.
  const { loadConfig } = await import('../config.js');
  const config = loadConfig();
  for (const warning of config.warnings) process.stderr.write(`${warning}\n`);
  const [{ openDatabase }, { openLog }] = await Promise.all([
    import('../open-database.js'),
    import('../log.js'),
  ]);
  const log = await openLog({ ...config, logLevel: 'error' });
  const database = await openDatabase(config.database, log);
  try {
    if (!isForImport) await database.imports.refuseUnfinished();
  } catch (error) {
    await database.close();
    throw error;
  }
  return { config, database };
}
