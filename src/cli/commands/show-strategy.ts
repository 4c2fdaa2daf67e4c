import { Command } from 'commander';
import { StrategyConfigDocument, type StrategyConfigQuery } from '../../generated/operations.js';
import { printJson, printTable } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { withDatabase } from '../with-database.js';

/** `dynamics show-strategy` */
export function showStrategyCommand(): Command {
  return new Command('show-strategy')
    .description("show the strategy's settings, as the next turn will run under them")
    .option('--json', 'as JSON, for programs')
    .action(async ({ json }: { json?: true }) => {
      await withDatabase(async (context) => {
        const run = await openStoredApi(context);
        const { strategyConfig } = await run(StrategyConfigDocument, {});
        if (json) printJson(strategyConfig);
        else printStrategy(strategyConfig);
      });
    });
}

/** Prints settings for people. */
export function printStrategy(strategy: StrategyConfigQuery['strategyConfig']): void {
  printTable([
    ['version', String(strategy.version)],
    ['updated at', new Date(strategy.updatedAt).toISOString()],
    ['tier', strategy.tier],
    ['mode', strategy.mode],
    ['quant base', strategy.quantBase],
    ['expected imprint', String(strategy.expectedImprint)],
    ['expected luggage', String(strategy.expectedLuggage)],
  ]);
}
