import { z } from 'zod';
import { HEALTH_KINDS, type HealthNotice } from '../domain/alerts/health.js';
import type { Damage } from '../history/damage.js';
import { KeptFiles } from './kept-files.js';

const NOTICES = z.array(
  z.object({
    id: z.string().min(1),
    kind: z.enum(HEALTH_KINDS),
    since: z.number(),
    until: z.number().nullable(),
    words: z.string(),
  }),
);

/** Health notices that are not stored and told yet, in `DATA_DIR/notices/<database>`. */
export class NoticeFolder extends KeptFiles<HealthNotice> {
  constructor(dataDir: string, databaseName: string, damage: Damage) {
    super({ dataDir, folder: 'notices', databaseName, damage, schema: NOTICES, fsync: true });
  }
}
