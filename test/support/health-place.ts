import { onTestFinished } from 'vitest';
import { HealthNotices } from '../../src/alerts/health/health-notices.js';
import { HealthWatch } from '../../src/alerts/health/health-watch.js';
import { NoticeFolder } from '../../src/data-dir/notice-folder.js';
import type { HealthNotice, HealthSigns } from '../../src/domain/alerts/health.js';
import { SkippedTurns } from '../../src/feeds/skipped-turns.js';
import { Damage } from '../../src/history/damage.js';
import type { OpenDatabase } from '../../src/open-database.js';
import { keptLogger } from './logs.js';

const WELL: HealthSigns = {
  ...{ now: 1_000, latestTurn: 7, overdue: null, skipped: null, databaseTrouble: null },
  ...{ silence: null, spooled: [], deadChannels: [] },
};

interface HealthParts {
  readonly database: OpenDatabase;
  readonly dataDir: string;
  readonly tell?: (notices: readonly HealthNotice[]) => Promise<void>;
  /** What it sees from the start. */
  readonly sees?: Partial<HealthSigns>;
}

/** An instance that watches how it stands, by what a test has it see; it ends with the test, if not before. */
export async function startHealth({ database, dataDir, tell, sees = {} }: HealthParts) {
  const log = keptLogger();
  let signs = { ...WELL, ...sees };
  const notices = new HealthNotices({
    store: database.notices.store,
    files: new NoticeFolder(dataDir, 'test', new Damage(log)),
    tell: tell ?? (() => Promise.resolve()),
    tellAway: () => undefined,
    log,
  });
  const watch = new HealthWatch({
    ...{ notices, log, skipped: new SkippedTurns() },
    feed: { latestTurn: WELL.latestTurn, onTurn: () => () => undefined },
    signs: () => signs,
  });
  await watch.start();
  onTestFinished(() => watch.stop());
  return {
    see(changes: Partial<HealthSigns>): void {
      signs = { ...WELL, ...changes };
      watch.look();
    },
    stop: () => watch.stop(),
  };
}
