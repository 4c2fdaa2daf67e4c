import { Command, CommanderError } from 'commander';
import { packageVersion } from '../version.js';
import { alertsCommand } from './commands/alerts.js';
import { alertTestCommand } from './commands/alert-test.js';
import { exportCommand } from './commands/export.js';
import { backfillCommand } from './commands/backfill.js';
import { historyCommand } from './commands/history.js';
import { importCommand } from './commands/import.js';
import { initCommand } from './commands/init.js';
import { inspectCommand } from './commands/inspect.js';
import { mcpCommand } from './commands/mcp.js';
import { purgeCommand } from './commands/purge.js';
import { recomputeCommand } from './commands/recompute.js';
import { replayCommand } from './commands/replay.js';
import { resetCacheCommand } from './commands/reset-cache.js';
import { schemaCommand } from './commands/schema.js';
import { sealCommand } from './commands/seal.js';
import { setStrategyCommand } from './commands/set-strategy.js';
import { showAuxCommand } from './commands/show-aux.js';
import { showStrategyCommand } from './commands/show-strategy.js';
import { startCommand } from './commands/start.js';
import { tokenCommand } from './commands/token.js';
import { verifyCommand } from './commands/verify.js';

/** Exit code for a command line that makes no sense; 1 is for a command that failed. */
const WRONG_USAGE = 2;

const program = new Command('dynamics')
  .description('A real-time financial matrix engine over Binance spot prices, as a GraphQL API.')
  .version(packageVersion())
  .addHelpText(
    'after',
    '\nSettings are read from .env in this folder and from the environment; .env.example explains each.' +
      '\nExit codes: 0 done, 1 it could not be done (the reason is on standard error), 2 wrong usage.',
  );
for (const command of [
  startCommand(),
  initCommand(),
  inspectCommand(),
  purgeCommand(),
  resetCacheCommand(),
  showStrategyCommand(),
  setStrategyCommand(),
  showAuxCommand(),
  historyCommand(),
  exportCommand(),
  backfillCommand(),
  importCommand(),
  alertsCommand(),
  verifyCommand(),
  recomputeCommand(),
  sealCommand(),
  alertTestCommand(),
  replayCommand(),
  mcpCommand(),
  tokenCommand(),
  schemaCommand(),
]) {
  program.addCommand(command.exitOverride());
}
program.exitOverride();
// A command is its name and its options until it is run: what it works with is loaded by its action,
// and takes for granted that this is there.
program.hook('preAction', async () => {
  await import('reflect-metadata');
});
// Whoever reads may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
}
