import { Command } from 'commander';
import type { ImportOptions } from '../actions/import.js';

/** `dynamics import` */
export function importCommand(): Command {
  return new Command('import')
    .description('bring cycles that export --frames has written into a database without cycles')
    .argument('[file]', 'a file whose name ends with .jsonl, .arrow or .parquet')
    .option('--check', 'only look at every row; nothing is stored')
    .option('--discard', 'take back an import that was broken off')
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      '\nThe whole file is looked at before anything is stored: each row by itself, and quants and strategy figures' +
        '\nworked out anew, which must be those of the file, bit for bit; what is refused is told with its row. Turn' +
        '\nnumbers, times and where it comes from are those of the file, and the next turn is the one after its last.' +
        '\nAn import that was broken off, also by kill -9, is known to be: nothing else works on its database until the' +
        '\nsame command has gone on to the end, or --discard. No server may run. Exit code 1: it is not imported.',
    )
    .action(async (file: string | undefined, options: ImportOptions) =>
      (await import('../actions/import.js')).importFrames(file, options),
    );
}
