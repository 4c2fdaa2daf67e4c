import { Command } from 'commander';

/** `dynamics start` */
export function startCommand(): Command {
  return new Command('start')
    .description('serve until SIGTERM or SIGINT')
    .addHelpText(
      'after',
      '\nPrints "ready <address> (...)" on standard output once it serves; the log goes to standard error.' +
        '\nA signal lets the turn under way finish. Exit code 1: it could not start; the reason is on standard error.',
    )
    .action(async () => (await import('../../main.js')).serve());
}
