import { Command } from 'commander';
import type { ResetCacheOptions } from '../actions/reset-cache.js';

/** `dynamics reset-cache` */
export function resetCacheCommand(): Command {
  return new Command('reset-cache')
    .description('drop the cached cycles, which are then read from the database again')
    .option('--force', 'drop cycles that are not in the database yet, too')
    .addHelpText('after', '\nRunning servers drop theirs with their next turn.')
    .action(async (options: ResetCacheOptions) =>
      (await import('../actions/reset-cache.js')).resetCache(options),
    );
}
