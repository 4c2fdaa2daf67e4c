import { randomUUID } from 'node:crypto';
import type { AlertRules } from '../alerts/alert-rules.js';
import type { Evaluation } from '../alerts/evaluation.js';
import type { HealthNotices } from '../alerts/health/health-notices.js';
import type { Channels } from '../alerts/channels/channels.js';
import type { FiringFeed } from '../alerts/firing-feed.js';
import type { FiringStore } from '../alerts/firing-store.js';
import type { RuleBook } from '../alerts/rule-book.js';
import type { DryRun } from '../alerts/dry-run.js';
import type { Universe } from '../domain/asset.js';
import type { LeaseHolder } from '../cluster/lease-store.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import type { Damage } from '../history/damage.js';
import type { Maintenance } from '../cluster/maintenance.js';
import type { Metronome } from '../turns/metronome.js';
import type { MarketSource } from '../market/market-port.js';
import type { CycleStore } from '../history/cycle-store.js';
import type { GapReader } from '../history/gap-reader.js';
import type { HistoryExtentReader } from '../history/history-extent.js';
import type { AttributionReader } from '../history/attribution-reader.js';
import type { SeriesReader } from '../history/series-reader.js';
import type { WindowReader } from '../history/window-reader.js';
import type { Retention } from '../cluster/retention.js';
import type { SkippedTurns } from '../feeds/skipped-turns.js';
import { UNPACED, type Pace } from '../scheduling/slices.js';
import type { Backlog } from '../durability/backlog.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';
import type { TurnTally } from '../turns/turn-tally.js';
import type { TurnWatch } from '../turns/turn-watch.js';
import type { RecentWarnings } from '../log.js';
import type { RequestBudget } from './request-budget.js';
import type { Load } from './load.js';
import { createLoaders, type Loaders } from './loaders.js';
import type { Viewer } from './rights.js';

/** Where the data is kept, and whether it answers. */
export interface DatabaseProbe {
  readonly kind: 'EMBEDDED' | 'EXTERNAL';
  /** The server's version, or null while the database does not answer. Never throws. */
  version(): Promise<string | null>;
  /** What keeps it from being written to, in words; null where nothing is known to. */
  trouble(): string | null;
}

/** What the API stands on. */
export interface Services {
  readonly universe: Universe;
  readonly cycles: CycleStore;
  readonly feed: CycleFeed;
  readonly series: Pick<SeriesReader, 'read' | 'live'>;
  readonly windows: Pick<WindowReader, 'read' | 'figures'>;
  readonly attribution: Pick<AttributionReader, 'read'>;
  readonly alerts: {
    readonly book: RuleBook;
    readonly rules: AlertRules;
    readonly firings: FiringStore;
    readonly feed: FiringFeed;
  };
  readonly evaluation: Pick<Evaluation, 'warnings'>;
  readonly channels: Channels;
  readonly health: Pick<HealthNotices, 'newest'>;
  readonly dryRun: Pick<DryRun, 'read'>;
  readonly gaps: Pick<GapReader, 'read'>;
  readonly extent: Pick<HistoryExtentReader, 'read'>;
  readonly strategy: StrategyFeed;
  readonly metronome: Pick<Metronome, 'runNow' | 'status'>;
  readonly watch: Pick<TurnWatch, 'age' | 'standstill' | 'nextTurnAt'>;
  readonly skipped: SkippedTurns;
  /** How the turns of this instance went since its start. */
  readonly tally: Pick<TurnTally, 'counts' | 'of' | 'late' | 'lastLate'>;
  readonly lease: { readonly isHeld: boolean; readonly wasAlone: boolean };
  /** The name of this instance, for people. */
  readonly instance: string;
  /** Who has the lease, by such a name; null where nobody does, or that is not known yet. */
  readonly leader: () => LeaseHolder | null;
  /** What callers ask of this instance at present. */
  readonly load: () => Load;
  /** The last warnings of this instance's log. */
  readonly logged: Pick<RecentWarnings, 'newest'>;
  readonly continuity: { readonly warnings: readonly string[] };
  readonly backlog: Pick<Backlog, 'turns' | 'warnings' | 'rejectedCount'>;
  readonly retention: Pick<Retention, 'warnings'>;
  /** What of the stored data was found damaged. */
  readonly damage: Pick<Damage, 'warnings'>;
  readonly maintenance: Maintenance;
  readonly market: Pick<MarketSource, 'kind' | 'status' | 'listed'>;
  readonly database: DatabaseProbe;
  readonly cycleIntervalMs: number;
  readonly version: string;
  /** What an operator should know from the start on, in words. */
  readonly startWarnings: readonly string[];
}

/** What is known of an answer once it is there. */
interface AnswerTraits {
  /** It is the same for whoever may ask until the next turn. */
  isByTurn: boolean;
  /** It is the same for good, as long as what is stored stays: see {@link CycleFeed.rangeEpoch}. */
  isFixed: boolean;
  /** It is of a range of time into which the next turn may fall. */
  isGrowing: boolean;
  /** It has something that changes between turns, though its fields need not. */
  isOfNow: boolean;
}

/** What every resolver of one operation shares. */
export interface Context {
  readonly services: Services;
  readonly loaders: Loaders;
  /** Stands in the log and in masked errors; over HTTP, the X-Request-Id of the answer. */
  readonly requestId: string;
  readonly viewer: Viewer;
  /** When the operation has to let others go first. */
  readonly pace: Pace;
  /** Aborted when nobody waits for the answer any longer. */
  readonly ended?: AbortSignal | undefined;
  /** What the operations of a batch ask for together: all of them add to it. */
  readonly batch?: RequestBudget;
  /** What became known of the answer while the operation ran. */
  readonly answer: AnswerTraits;
}

/** The context of one operation. */
export function createContext(
  services: Services,
  viewer: Viewer,
  {
    requestId = randomUUID(),
    pace = UNPACED,
    ended,
  }: Partial<Pick<Context, 'requestId' | 'pace' | 'ended'>> = {},
): Context {
  return {
    services,
    loaders: createLoaders(services.feed, pace),
    requestId,
    viewer,
    pace,
    ended,
    answer: { isByTurn: false, isFixed: false, isGrowing: false, isOfNow: false },
  };
}
