import { z } from 'zod';
import type { Damage } from '../history/damage.js';
import type { SkipRun } from '../history/skip-store.js';
import { KeptFiles } from './kept-files.js';

const RUNS = z.array(
  z.object({
    id: z.string().min(1),
    from: z.number(),
    to: z.number(),
    afterTurn: z.int().min(0),
    code: z.string(),
    message: z.string(),
    count: z.int().min(1),
  }),
);

/** Skips that the database does not have yet, in `DATA_DIR/skips/<database>`. */
export class SkipFolder extends KeptFiles<SkipRun> {
  constructor(dataDir: string, databaseName: string, damage: Damage) {
    super({ dataDir, folder: 'skips', databaseName, damage, schema: RUNS, fsync: false });
  }
}
