import type { Evaluation } from '../alerts/evaluation.js';
import { ClockWitnesses } from '../cluster/clock-witnesses.js';
import { DocumentAging } from '../cluster/document-aging.js';
import { Instances } from '../cluster/instances.js';
import { Lease } from '../cluster/lease.js';
import { Retention } from '../cluster/retention.js';
import { Sealing } from '../cluster/sealing.js';
import type { Config } from '../config.js';
import { Autonomy } from '../durability/autonomy.js';
import { CheckpointWriter } from '../durability/checkpoint.js';
import { Continuity } from '../durability/continuity.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import { SkippedTurns } from '../feeds/skipped-turns.js';
import type { StrategyFeed } from '../feeds/strategy-feed.js';
import type { Metrics } from '../http/metrics.js';
import { instanceState } from '../instance.js';
import { buildDelivery, type Delivery } from './delivery.js';
import { buildHealth, type Health } from './health.js';
import { buildAlerts, buildEvaluation, type AlertServices } from './alerts.js';
import type { SeriesReaders } from './series.js';
import { unlessAway } from '../history/database-unavailable.js';
import { plainLease } from './plain-lease.js';
import type { Logger, RecentWarnings } from '../log.js';
import type { MarketSource } from '../market/market-port.js';
import type { OpenDatabase } from '../open-database.js';
import type { Slices } from '../scheduling/slices.js';
import type { Clock } from '../time/clock.js';
import { Ledger } from '../turns/ledger.js';
import { Metronome } from '../turns/metronome.js';
import { TurnRunner } from '../turns/turn-runner.js';
import { TurnTally } from '../turns/turn-tally.js';
import { TurnWatch } from '../turns/turn-watch.js';

/** What the engine is built upon. */
export interface EngineParts {
  readonly config: Config;
  readonly log: Logger;
  /** The last warnings of the log. */
  readonly warnings: RecentWarnings;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly slices: Slices;
  /** The name of this instance. */
  readonly instance: string;
  readonly database: OpenDatabase;
  readonly market: MarketSource;
  readonly feed: CycleFeed;
  readonly strategy: StrategyFeed;
  readonly series: SeriesReaders;
}

/** What runs the turns here, or follows the instance that does. Nothing of it runs yet. */
export interface Engine {
  readonly lease: Lease;
  readonly checkpoint: CheckpointWriter;
  readonly continuity: Continuity;
  readonly skipped: SkippedTurns;
  readonly tally: TurnTally;
  readonly instances: Instances;
  readonly runner: TurnRunner;
  readonly metronome: Metronome;
  readonly watch: TurnWatch;
  readonly retention: Retention;
  readonly sealing: Sealing;
  readonly alerts: AlertServices;
  readonly evaluation: Evaluation;
  readonly delivery: Delivery;
  readonly health: Health;
}

export function buildEngine(parts: EngineParts): Engine {
  const { config, log, clock, instance, database, market, feed, strategy } = parts;
  const { cycles, backlog, replay } = database;
  const autonomy = new Autonomy({
    aloneForMs: config.database.aloneForMs,
    checkpointAt: database.startsFrom?.contactAt ?? null,
  });
  const lease = new Lease({
    store: database.lease,
    holder: instance,
    isGone: (other) => instanceState(other) === 'GONE',
    autonomy,
  });
  const checkpoint = new CheckpointWriter(instance, database.checkpointStore, log);
  const skipped = new SkippedTurns();
  const continuity = new Continuity({ feed, cycles, backlog, strategy, log });
  const alerts = buildAlerts(parts);
  const delivery = buildDelivery(parts, alerts.book);
  const instances = new Instances({
    ...database,
    ...{ feed, strategy, continuity, lease, skipped, log },
    onAlerts: () => lookAtAlerts(alerts, log),
  });
  const ledger = new Ledger({
    ...{ cycles, backlog, replay, strategy, feed, continuity, lease, autonomy, checkpoint },
  });
  const runner = buildRunner(parts, ledger, lease);
  const tally = new TurnTally();
  const metronome = buildMetronome(parts, { runner, skipped, instances, tally });
  // A turn that was taken back is no answer to who asks for one now.
  feed.onRewind(() => metronome.forgetLast());
  const watch = new TurnWatch({
    ...{ feed, metronome, lease, clock, log },
    intervalMs: config.cycleIntervalMs,
    isSilent: () => market.status().bannedUntil !== null,
  });
  const retention = buildRetention(parts, lease);
  const sealing = buildSealing(parts, lease);
  return {
    ...{ lease, checkpoint, continuity, skipped, instances, runner, metronome, watch },
    ...{ retention, sealing, alerts, tally },
    delivery,
    evaluation: buildEvaluation(parts, alerts, delivery, lease),
    health: buildHealth(parts, { ...alerts, delivery, watch, metronome, skipped, lease }),
  };
}

/** Another instance has changed rules, or has found that some fired. */
function lookAtAlerts({ book, feed }: AlertServices, log: Logger): void {
  feed.look();
  unlessAway(book.refresh(), () => undefined).catch((error: unknown) => {
    log.warn({ err: error }, 'the alerts of other instances could not be read');
  });
}

function buildSealing(parts: EngineParts, lease: Lease): Sealing {
  const { config, database, log, slices, instance } = parts;
  const { ages, backlog, damage, history } = database;
  return new Sealing({
    ...history,
    ...{ ages, backlog, lease, damage, log },
    aging: new DocumentAging({
      ...history,
      ...{ ages, backlog, damage, log },
      remover: history.rewrite,
      days: config.database.documentDays,
    }),
    lock: plainLease(database.sealingLock, instance),
    paceOf: (ended) => slices.paceOf('sealing', ended),
  });
}

function buildRunner(
  { config, log, clock, metrics, slices, database, market }: EngineParts,
  ledger: Ledger,
  lease: Lease,
): TurnRunner {
  const { notifications, backlog } = database;
  return new TurnRunner({
    ...{ market, ledger, backlog, lease, notifications, clock, log, slices },
    universe: config.universe,
    staleAfterMs: config.staleAfterMs,
    intervalMs: config.cycleIntervalMs,
    onStage: (stage, ms) => metrics.stage(stage, ms),
  });
}

function buildMetronome(
  { config, log, clock, metrics, feed, database: { notifications, skips } }: EngineParts,
  { runner, skipped, instances, tally }: Pick<Engine, 'runner' | 'skipped' | 'instances' | 'tally'>,
): Metronome {
  return new Metronome({
    ...{ runner, clock, log },
    intervalMs: config.cycleIntervalMs,
    onTurn(report) {
      tally.add(report);
      metrics.turn(report);
    },
    onMissed: (failure) => skips.add(failure, feed.latestTurn),
    onSkipped: ({ at, code, message }) => {
      skipped.add({ at, code, message });
      notifications.publish({ kind: 'SKIPPED', at, code, message });
    },
    runElsewhere: () => instances.runElsewhere(() => clock.now()),
  });
}

function buildRetention(
  { config, log, clock, database, market }: EngineParts,
  lease: Lease,
): Retention {
  return new Retention({
    ...database,
    lease,
    witnesses: new ClockWitnesses({ clock, market, ages: database.ages }),
    log,
    days: config.database.retentionDays,
    isReplay: market.kind === 'REPLAY',
  });
}
