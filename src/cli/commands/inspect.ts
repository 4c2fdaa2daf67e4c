import { Command } from 'commander';
import type { InspectOptions } from '../actions/inspect.js';
import { readTurn } from '../arguments.js';

/** `dynamics inspect` */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('show a stored cycle with everything that is derived from it')
    .option('--turn <n>', 'the turn; without it, the latest', readTurn)
    .option('--json', 'as JSON, for programs, with every digit')
    .action(async (options: InspectOptions) =>
      (await import('../actions/inspect.js')).inspect(options),
    );
}
