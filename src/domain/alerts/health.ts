/**
 * What an operator is told of, though no cycle is stored just then.
 * OVERDUE: no turn completes. SKIPPED: turns are skipped. DATABASE_AWAY: the database is away, or takes no
 * writes. EXCHANGE_BANNED: the exchange wants silence. SPOOLED: cycles are kept on disk until the database
 * takes them. CHANNEL_DEAD: a channel of an alert was switched off.
 */
export const HEALTH_KINDS = [
  ...(['OVERDUE', 'SKIPPED', 'DATABASE_AWAY', 'EXCHANGE_BANNED', 'SPOOLED'] as const),
  'CHANNEL_DEAD',
] as const;
export type HealthKind = (typeof HEALTH_KINDS)[number];

/** What one instance sees at a moment. Times are milliseconds since 1970, texts are for people. */
export interface HealthSigns {
  readonly now: number;
  /** The newest turn; 0 before the first. */
  readonly latestTurn: number;
  /**
   * Since when none has completed, where that is too long. Counts as new once it is too long since this
   * instance runs, too: whoever is started after a rest is not overdue at once.
   */
  readonly overdue: {
    readonly since: number;
    readonly words: string;
    readonly isNew: boolean;
  } | null;
  /** The first turn that was skipped since the newest one completed. */
  readonly skipped: { readonly at: number; readonly words: string } | null;
  /** What is the matter with the database. */
  readonly databaseTrouble: string | null;
  /** Until when the exchange wants no calls, in words. */
  readonly silence: string | null;
  /** The turns that are kept on disk, ascending. */
  readonly spooled: readonly number[];
  readonly deadChannels: readonly {
    readonly channel: string;
    readonly since: number;
    readonly words: string;
  }[];
}

/** Something that is wrong. */
interface HealthFinding {
  /** The same in every instance that sees it: of which kind, and since which turn or moment. */
  readonly id: string;
  readonly kind: HealthKind;
  readonly since: number;
  readonly words: string;
  /** Whether it counts where it was not known before. */
  readonly isNew: boolean;
}

/** What was wrong, since when, and until when; null for as long as it is. */
export interface HealthNotice {
  readonly id: string;
  readonly kind: HealthKind;
  readonly since: number;
  readonly until: number | null;
  readonly words: string;
}

/** What is wrong by these signs. Turns are what all instances count alike; their clocks differ. */
function findingsOf(signs: HealthSigns): HealthFinding[] {
  const { now, latestTurn, overdue, skipped, databaseTrouble, silence, spooled } = signs;
  const findings: HealthFinding[] = [];
  const find = (kind: HealthKind, of: string | number, rest: Partial<HealthFinding>): void => {
    findings.push({ id: `${kind}-${of}`, kind, since: now, words: '', isNew: true, ...rest });
  };
  if (overdue) find('OVERDUE', latestTurn, overdue);
  if (skipped) find('SKIPPED', latestTurn, { since: skipped.at, words: skipped.words });
  const [first] = spooled;
  if (databaseTrouble !== null) {
    find('DATABASE_AWAY', first === undefined ? latestTurn : first - 1, { words: databaseTrouble });
  }
  if (silence !== null) find('EXCHANGE_BANNED', latestTurn, { words: silence });
  if (first !== undefined) {
    find('SPOOLED', first, { words: `cycles from turn ${first} on are kept in DATA_DIR` });
  }
  for (const { channel, since, words } of signs.deadChannels) {
    find('CHANNEL_DEAD', `${channel}-${since}`, { since, words });
  }
  return findings;
}

/**
 * The notices that are open. One keeps the id that it began with for as long as it lasts, whatever turns
 * complete meanwhile. Several of a kind may have been left open: they end together.
 */
export class OpenNotices {
  /** By id. */
  readonly #open = new Map<string, HealthNotice>();

  /**
   * Goes on with what was left open: by whomever of what every instance sees, and of what one sees
   * alone (its database, its disk) where that was an earlier process in this one's place.
   */
  adopt(notices: readonly HealthNotice[], from: 'ANYBODY' | 'THIS_PLACE'): void {
    const ended = new Set(notices.filter(({ until }) => until !== null).map(({ id }) => id));
    for (const notice of notices) {
      const { id } = notice;
      if (ended.has(id) || this.#open.has(id)) continue;
      if (!isOfOnePlace(notice) || from === 'THIS_PLACE') this.#open.set(id, notice);
    }
  }

  /** @returns what begins and what ends, those that end first */
  judge(signs: HealthSigns): HealthNotice[] {
    const found = new Map(findingsOf(signs).map((finding) => [keyOf(finding), finding]));
    const ended: HealthNotice[] = [];
    for (const [id, notice] of this.#open) {
      const finding = found.get(keyOf(notice));
      if (finding && (finding.isNew || finding.id === id)) continue;
      this.#open.delete(id);
      ended.push({ ...notice, until: Math.max(signs.now, notice.since) });
    }
    const lasting = new Set([...this.#open.values()].map(keyOf));
    const begun: HealthNotice[] = [];
    for (const [key, { isNew, ...finding }] of found) {
      if (!isNew || lasting.has(key)) continue;
      const notice = { ...finding, until: null };
      this.#open.set(notice.id, notice);
      begun.push(notice);
    }
    return [...ended, ...begun];
  }
}

/** Whether it is of what one instance sees alone, its database or its disk: nobody else can tell that it is over. */
export function isOfOnePlace({ kind }: Pick<HealthNotice, 'kind'>): boolean {
  return kind === 'SPOOLED' || kind === 'DATABASE_AWAY';
}

/** What begins once at a time: each kind, but channels one by one. */
function keyOf({ kind, id }: Pick<HealthNotice, 'kind' | 'id'>): string {
  return kind === 'CHANNEL_DEAD' ? id : kind;
}
