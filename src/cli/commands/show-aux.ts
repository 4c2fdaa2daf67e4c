import { Command } from 'commander';
import { StrategyAuxDocument } from '../../generated/operations.js';
import { readTurn } from '../arguments.js';
import { printJson, printTable } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';

/** `dynamics show-aux` */
export function showAuxCommand(): Command {
  return new Command('show-aux')
    .description("show the strategy's figures of the latest turn, or of one")
    .option('--turn <n>', 'the turn; without it, the latest', readTurn)
    .option('--json', 'as JSON, for programs')
    .action(async ({ turn, json }: { turn?: number; json?: true }) => {
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
    });
}

/** Says that a turn, or any at all, is not stored. */
export function nothingStored(turn: number | undefined): string {
  return turn === undefined ? 'no cycle is stored' : `turn ${turn} is not stored`;
}
