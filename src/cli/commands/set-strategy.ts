import { Command, InvalidArgumentError, Option } from 'commander';
import { STRATEGY_MODES, STRATEGY_TIERS } from '../../domain/strategy.js';
import type { SetStrategyOptions } from '../actions/set-strategy.js';

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
    .action(async (options: SetStrategyOptions, command: Command) => {
      const { json: _, ...changes } = options;
      if (Object.keys(changes).length === 0) {
        command.error('error: name at least one setting to change; dynamics help set-strategy', {
          exitCode: 2,
        });
      }
      return (await import('../actions/set-strategy.js')).setStrategy(options);
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
