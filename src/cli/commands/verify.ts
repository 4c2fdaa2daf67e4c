import { Command } from 'commander';
import type { VerifyOptions } from '../actions/verify.js';
import { readTurn } from '../arguments.js';

/** `dynamics verify` */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify what is stored: the chain of sealed blocks, and every figure derived anew')
    .option('--from <turn>', 'the first turn; without it, the oldest', readTurn)
    .option('--to <turn>', 'the last turn; without it, the latest', readTurn)
    .option('--json', 'as JSON, a line for each fault and one at the end, for programs')
    .addHelpText(
      'after',
      '\nEach line of the manifest is held against the one before, each sealed block against its line, each of its' +
        '\nturns against its document, bit for bit; and quants and strategy figures of each turn against what follows' +
        '\nfrom its frame and the turn before. Only reads. Exit code 1: something differs, or it did not come to its end.',
    )
    .action(async (options: VerifyOptions) =>
      (await import('../actions/verify.js')).verify(options),
    );
}
