import { Command } from 'commander';
import type { ExportOptions } from '../actions/export.js';

/** `dynamics export` */
export function exportCommand(): Command {
  return new Command('export')
    .description('write what is stored as CSV, JSON lines, Arrow or Parquet, for other programs')
    .option('--cells <cells>', 'which cells: BASE/QUOTE, several separated by commas')
    .option(
      '--kind <matrix>',
      'of which matrix: ID_BENCHMARK (the rates, the default), ID_DELTA, …',
    )
    .option('--price <price>', 'ID_BENCHMARK: at which prices: LAST, MID or TAKE')
    .option('--fee-bps <fee>', 'TAKE: the fee on each leg, basis points')
    .option('--from <moment>', 'from when on: 2026-01-31T12:00:00Z, start (the default), now-7d')
    .option('--to <moment>', 'until when, that left out; without it, to the latest turn')
    .option('--every <span>', 'a row for each 5m, 1h, 1d, … instead of one for each turn')
    .option('--of <aggregates>', '--every: LAST (the default), FIRST, MIN, MAX, MEAN, COUNT')
    .option(
      '--frames',
      'whole cycles instead: all that every number follows from; import takes them',
    )
    .option(
      '--format <format>',
      'csv, jsonl, arrow or parquet; without it, by the name of the file',
    )
    .option('--output <file>', 'a file, which gets its name when it is whole; else standard output')
    .addHelpText(
      'after',
      '\nExamples:' +
        '\n  dynamics export --cells BTC/USDT,ETH/BTC --from now-7d --output prices.parquet' +
        '\n  dynamics export --cells BRL/EUR --kind ID_PERCENT --every 1h --of LAST,MIN,MAX > moves.csv' +
        '\n  dynamics export --frames --output all.parquet' +
        '\n\nEmpty buckets have no row; a turn at which a cell has no value has none there. Times are UTC.' +
        '\nMemory stays the same however much it is. GET /export answers with the same bytes.',
    )
    .action(async (options: ExportOptions) =>
      (await import('../actions/export.js')).exportStored(options),
    );
}
