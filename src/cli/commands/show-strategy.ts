import { Command } from 'commander';
import type { ShowStrategyOptions } from '../actions/show-strategy.js';

/** `dynamics show-strategy` */
export function showStrategyCommand(): Command {
  return new Command('show-strategy')
    .description("show the strategy's settings, as the next turn will run under them")
    .option('--json', 'as JSON, for programs')
    .action(async (options: ShowStrategyOptions) =>
      (await import('../actions/show-strategy.js')).showStrategy(options),
    );
}
