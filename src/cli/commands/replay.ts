import { Command, InvalidArgumentError } from 'commander';
import type { Moment } from '../../domain/series/moment.js';
import type { ReplayOptions } from '../actions/replay.js';
import { readMoment } from '../arguments.js';

/** `dynamics replay` */
export function replayCommand(): Command {
  return new Command('replay')
    .description('serve stored cycles as an exchange that speaks the REST API of Binance')
    .requiredOption('--serve <port>', 'the port to serve on; 0 takes a free one', readPort)
    .option('--host <address>', 'the address to serve on', '127.0.0.1')
    .option('--from <moment>', 'where time begins, for example now-1d', readMoment, START)
    .option('--to <moment>', 'where time ends', readMoment, NOW)
    .option('--speed <factor>', 'how many times as fast; 0: time stands still', readSpeed, 1)
    .option('--end', 'end once time has come to its end, instead of standing still there')
    .addHelpText(
      'after',
      '\nAnswers ping, time, exchangeInfo, ticker/24hr, ticker/price, ticker/bookTicker and klines under /api/v3 with' +
        '\nwhat the newest turn before the moment that is played saw; candles go back as far as anything is stored,' +
        '\nand know nothing of what comes later. What is not stored stands as 0: volumes, amounts and counts; high and' +
        '\nlow of a ticker are those of its two prices. Time stands at its beginning until the first request.' +
        '\nReads the database beside a server on the same data. A signal ends it.',
    )
    .action(async (options: ReplayOptions) =>
      (await import('../actions/replay.js')).replay(options),
    );
}

const START: Moment = { anchor: 'start', offsetMs: 0 };
const NOW: Moment = { anchor: 'now', offsetMs: 0 };

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('Expected a port: 0 to 65535.');
}

function readSpeed(text: string): number {
  const speed = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  if (speed <= 100_000) return speed;
  throw new InvalidArgumentError('Expected a factor from 0 to 100000, for example 1 or 0.5.');
}
