import { Command } from 'commander';
import { ResetCacheDocument } from '../../generated/operations.js';
import { printLine } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';

/** `dynamics reset-cache` */
export function resetCacheCommand(): Command {
  return new Command('reset-cache')
    .description('drop the cached cycles, which are then read from the database again')
    .option('--force', 'drop cycles that are not in the database yet, too')
    .addHelpText('after', '\nRunning servers drop theirs with their next turn.')
    .action(async ({ force = false }: { force?: boolean }) => {
      await withDatabase(async (context) => {
        const run = await openStoredApi(context);
        const { resetCache } = await run(ResetCacheDocument, { force });
        if (resetCache.userErrors.length > 0) {
          throw new CommandFailure(resetCache.userErrors.map(({ message }) => message));
        }
        printLine('the cache is dropped');
      });
    });
}
