import {
  UpdateStrategyConfigDocument,
  type UpdateStrategyConfigInput,
} from '../../generated/operations.js';
import { printJson } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';
import { printStrategy } from './show-strategy.js';

export interface SetStrategyOptions {
  readonly tier?: UpdateStrategyConfigInput['tier'];
  readonly mode?: UpdateStrategyConfigInput['mode'];
  readonly imprint?: number;
  readonly luggage?: number;
  readonly quantBase?: string;
  readonly json?: true;
}

/** Changes the settings that are named. */
export async function setStrategy(options: SetStrategyOptions): Promise<void> {
  const { json, imprint, luggage, ...rest } = options;
  const input: UpdateStrategyConfigInput = {
    ...rest,
    ...(imprint !== undefined && { expectedImprint: imprint }),
    ...(luggage !== undefined && { expectedLuggage: luggage }),
  };
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
}
