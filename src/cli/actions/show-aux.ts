import { StrategyAuxDocument } from '../../generated/operations.js';
import { printJson, printTable } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';

export interface ShowAuxOptions {
  readonly turn?: number;
  readonly json?: true;
}

/** Shows the strategy's figures. */
export async function showAux({ turn, json }: ShowAuxOptions): Promise<void> {
  await withDatabase(async (context) => {
    const run = await openStoredApi(context);
    const { strategyAux } = await run(StrategyAuxDocument, { turn: turn ?? null });
    if (strategyAux === null) throw new CommandFailure([nothingStored(turn)]);
    if (json) return printJson(strategyAux);
    printTable(
      Object.entries(strategyAux).map(([name, value]) => [
        name,
        value === null ? null : String(value),
      ]),
    );
  });
}

/** Says that a turn, or any at all, is not stored. */
export function nothingStored(turn: number | undefined): string {
  return turn === undefined ? 'no cycle is stored' : `turn ${turn} is not stored`;
}
