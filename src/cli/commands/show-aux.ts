import { Command } from 'commander';
import type { ShowAuxOptions } from '../actions/show-aux.js';
import { readTurn } from '../arguments.js';

/** `dynamics show-aux` */
export function showAuxCommand(): Command {
  return new Command('show-aux')
    .description("show the strategy's figures of the latest turn, or of one")
    .option('--turn <n>', 'the turn; without it, the latest', readTurn)
    .option('--json', 'as JSON, for programs')
    .action(async (options: ShowAuxOptions) =>
      (await import('../actions/show-aux.js')).showAux(options),
    );
}
