import { ResetCacheDocument } from '../../generated/operations.js';
import { printLine } from '../output.js';
import { openStoredApi } from '../stored-api.js';
import { CommandFailure, withDatabase } from '../with-database.js';

export interface ResetCacheOptions {
  readonly force?: boolean;
}

/** Drops the cache. */
export async function resetCache({ force = false }: ResetCacheOptions): Promise<void> {
  await withDatabase(async (context) => {
    const run = await openStoredApi(context);
    const { resetCache } = await run(ResetCacheDocument, { force });
    if (resetCache.userErrors.length > 0) {
      throw new CommandFailure(resetCache.userErrors.map(({ message }) => message));
    }
    printLine('the cache is dropped');
  });
}
