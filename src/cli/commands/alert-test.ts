import { Command } from 'commander';
import type { AlertTestOptions } from '../actions/alert-test.js';

/** `dynamics alert-test` */
export function alertTestCommand(): Command {
  return new Command('alert-test')
    .description('show what rules would have fired over what is stored; nothing is saved or sent')
    .argument('<file>', 'a JSON file with a rule, as createAlert takes it, or a list of them')
    .option('--from <moment>', 'where the range begins, for example now-7d', 'start')
    .option('--to <moment>', 'where it ends: not within it', 'now')
    .option('--json', 'as JSON, for programs, with the newest 1,000 firings of each rule')
    .addHelpText(
      'after',
      '\nExample of a file:\n' +
        '  [{ "name": "BTC above 70k", "line": { "kind": "CELL", "base": "BTC", "quote": "USDT" },\n' +
        '     "condition": { "above": 70000 }, "cooldown": "1h" }]',
    )
    .action(async (file: string, options: AlertTestOptions) =>
      (await import('../actions/alert-test.js')).alertTest(file, options),
    );
}
