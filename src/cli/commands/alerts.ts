import { Command } from 'commander';
import type { AlertsOptions } from '../actions/alerts.js';

/** `dynamics alerts` */
export function alertsCommand(): Command {
  return new Command('alerts')
    .description('list the rules of alerts; write them to a file, and take them from one')
    .option('--json', 'as JSON, for programs, and for --import')
    .option('--import <file>', 'make or change the rules that a file of --json has')
    .addHelpText(
      'after',
      '\nA rule of the file changes the one with its id, else the only one with its name, and is made where' +
        '\nthere is none; rules that the file does not have stay. Secrets of channels are never written: a rule' +
        '\nthat is made has only channels that the file gives them of.' +
        '\nExample: dynamics alerts --json > alerts.json; dynamics alerts --import alerts.json',
    )
    .action(async (options: AlertsOptions) =>
      (await import('../actions/alerts.js')).alerts(options),
    );
}
