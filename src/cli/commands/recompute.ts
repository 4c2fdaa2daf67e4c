import { Command } from 'commander';
import type { RecomputeCommandOptions } from '../actions/recompute.js';
import { readTurn } from '../arguments.js';

/** `dynamics recompute` */
export function recomputeCommand(): Command {
  return new Command('recompute')
    .description('work out quants and strategy figures anew from the stored frames')
    .option('--from <turn>', 'the first turn; without it, the oldest', readTurn)
    .option('--to <turn>', 'the last turn; without it, the latest', readTurn)
    .option('--write', 'store what comes out; without this it is only told')
    .option('--json', 'as JSON, a line for each figure and one at the end, for programs')
    .addHelpText(
      'after',
      '\nEach turn is derived from the one before as that comes out anew; the first one from what is stored. With' +
        '\n--write no server may run the turns: documents are replaced one by one, each in one step, and keep their ids;' +
        '\na sealed block with a turn that changes is taken away first, and sealed again later. Make a backup before.' +
        '\nExit code 1: figures would change (without --write), or it did not come to its end.',
    )
    .action(async (options: RecomputeCommandOptions) =>
      (await import('../actions/recompute.js')).recompute(options),
    );
}
