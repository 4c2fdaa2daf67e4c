import { Command, InvalidArgumentError, Option } from 'commander';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../../domain/strategy.js';
import {
  UpdateStrategyConfigDocument,
  type UpdateStrategyConfigInput,
} from '../../generated/operations.js';
import { printJson } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';
import { printStrategy } from './show-strategy.js';

interface SetStrategyOptions {
  readonly tier?: UpdateStrategyConfigInput['tier'];
  readonly mode?: UpdateStrategyConfigInput['mode'];
  readonly imprint?: number;
  readonly luggage?: number;
  readonly quantBase?: string;
  readonly json?: true;
}

/** `dynamics set-strategy` */
export function setStrategyCommand(): Command {
  return new Command('set-strategy')
    .description("change the strategy's settings, from the next turn on")
    .addOption(choice('--tier <tier>', 'how fast quants follow the market', STRATEGY_TIERS))
    .addOption(choice('--mode <mode>', 'which asset leads', STRATEGY_MODES))
    .option('--imprint <ratio>', 'the imprint to wait for, above 0', readNumber)
    .option('--luggage <ratio>', 'the luggage to wait for, above 0', readNumber)
    .option('--quant-base <asset>', 'the asset in which lead and wallet are priced')
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      '\nWhat is left out stays. A running server takes the change over with its next turn.' +
        '\nExample: dynamics set-strategy --tier AGGRESSIVE --mode MOMENTUM --imprint 1.02',
    )
    .action(async ({ json, imprint, luggage, ...rest }: SetStrategyOptions, command: Command) => {
      const input: UpdateStrategyConfigInput = {
        ...rest,
        ...(imprint !== undefined && { expectedImprint: imprint }),
        ...(luggage !== undefined && { expectedLuggage: luggage }),
      };
      if (Object.keys(input).length === 0) {
        command.error('error: name at least one setting to change; dynamics help set-strategy', {
          exitCode: 2,
        });
      }
      await withDatabase(async (context) => {
        const run = await openStoredApi(context);
        const { updateStrategyConfig } = await run(UpdateStrategyConfigDocument, { input });
        const { strategyConfig, userErrors } = updateStrategyConfig;
        if (strategyConfig === null) {
          throw new CommandFailure(userErrors.map(({ message }) => message));
        }
        if (json) printJson(strategyConfig);
        else printStrategy(strategyConfig);
      });
    });
}

function choice(flags: string, description: string, values: readonly string[]): Option {
  return new Option(flags, description).choices(values).argParser((text: string) => {
    const value = text.toUpperCase();
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(`Allowed are ${values.join(', ')}.`);
  });
}

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}
