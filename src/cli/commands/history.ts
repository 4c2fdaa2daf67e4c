import { Command } from 'commander';
import type { HistoryOptions } from '../actions/history.js';
import { readSpan } from '../arguments.js';

/** `dynamics history` */
export function historyCommand(): Command {
  return new Command('history')
    .description(
      'show what is stored: from when to when, the gaps, the disk it takes, what is sealed',
    )
    .option('--longer-than <span>', 'only gaps longer than that, for example 10m', readSpan)
    .option('--json', 'as JSON, for programs, with every gap')
    .action(async (options: HistoryOptions) =>
      (await import('../actions/history.js')).history(options),
    );
}
