import { Command } from 'commander';
import type { SealOptions } from '../actions/seal.js';

/** `dynamics seal` */
export function sealCommand(): Command {
  return new Command('seal')
    .description('seal every block of turns that is complete, instead of waiting for idle time')
    .option('--json', 'as JSON, a line for each block, for programs')
    .addHelpText(
      'after',
      '\nA block is complete once a turn after it is stored, and its last one is five minutes old. Beside a' +
        '\nserver on the same data, one of the two seals at a time. What is sealed is never lost by an end in' +
        '\nbetween: run it again. Exit code 1: a block could not be sealed.',
    )
    .action(async (options: SealOptions) => (await import('../actions/seal.js')).seal(options));
}
