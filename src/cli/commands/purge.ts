import { Command } from 'commander';
import type { PurgeOptions } from '../actions/purge.js';

/** `dynamics purge` */
export function purgeCommand(): Command {
  return new Command('purge')
    .description('delete every stored cycle with its strategy figures, and what was backfilled')
    .option('--confirm', 'do it; without this nothing is deleted')
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      '\nNames first what would go. Keeps the settings of the strategy and the turn counter: the next' +
        '\nturn is as a first one, with the next number. Exit code 1: nothing was deleted.',
    )
    .action(async (options: PurgeOptions) => (await import('../actions/purge.js')).purge(options));
}
