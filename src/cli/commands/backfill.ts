import { Command, InvalidArgumentError } from 'commander';
import type { BackfillOptions } from '../actions/backfill.js';
import { readMoment } from '../arguments.js';

/** `dynamics backfill` */
export function backfillCommand(): Command {
  return new Command('backfill')
    .description("read the exchange's closes of minutes for time in which nothing was recorded")
    .requiredOption(
      '--from <moment>',
      'where to begin, for example 2026-01-31T00:00:00Z or now-7d',
      readMoment,
    )
    .option('--to <moment>', 'where to end; without it, now', readMoment)
    .option('--interval <span>', 'how far apart: 1m, the one there is', readInterval)
    .option('--json', 'as JSON, a line for each finding and one at the end, for programs')
    .addHelpText(
      'after',
      '\nOf each pair that the exchange lists of ASSETS, one close a minute. `series` and `candles` show them for\n' +
        'last rates where no turn is in a bucket, and say so (origins). They are no turns: alerts, windows and\n' +
        "cycles know nothing of them. now is the exchange's time, start that of the first stored turn.\n" +
        'It takes at most half of the weight that the exchange allows, waits where the exchange says so, and may\n' +
        'be stopped at any moment: run it again to go on; what is there is not read again. At the end, minutes\n' +
        'that were recorded too are held against the closes. Exit code 1: it did not come to its end, or some\n' +
        'days could not be read.',
    )
    .action(async (options: BackfillOptions) =>
      (await import('../actions/backfill.js')).backfill(options),
    );
}

function readInterval(text: string): string {
  if (text === '1m') return text;
  throw new InvalidArgumentError(
    'Closes are one a minute: expected 1m. `every` of series makes longer buckets of them.',
  );
}
