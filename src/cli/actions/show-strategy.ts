import { StrategyConfigDocument, type StrategyConfigQuery } from '../../generated/operations.js';
import { printJson, printTable } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { withDatabase } from '../with-database.js';

export interface ShowStrategyOptions {
  readonly json?: true;
}

/** Shows the strategy's settings. */
export async function showStrategy({ json }: ShowStrategyOptions): Promise<void> {
  await withDatabase(async (context) => {
    const run = await openStoredApi(context);
    const { strategyConfig } = await run(StrategyConfigDocument, {});
    if (json) printJson(strategyConfig);
    else printStrategy(strategyConfig);
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
