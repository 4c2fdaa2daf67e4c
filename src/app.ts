import { buildEngine, type Engine, type EngineParts } from './app/engine.js';
import { claimMarket, refuseTooMuchWeight } from './app/market.js';
import { RunningParts, type Running } from './app/running.js';
import { buildSeries } from './app/series.js';
import { serve } from './app/serve.js';
import type { Config } from './config.js';
import { recover } from './durability/recovery.js';
import { CycleFeed } from './feeds/cycle-feed.js';
import { StrategyFeed } from './feeds/strategy-feed.js';
import { Metrics } from './http/metrics.js';
import { checkPort } from './http/listening.js';
import { instanceName, instanceState } from './instance.js';
import { RecentWarnings, type Logger } from './log.js';
import type { MarketSource } from './market/market-port.js';
import { openDatabase, type OpenDatabase } from './open-database.js';
import { Slices } from './scheduling/slices.js';
import type { Clock } from './time/clock.js';
import { systemClock } from './time/system-clock.js';

/** How long a turn under way may still wait for the exchange once the server is told to stop. */
const STOP_GRACE_MS = 5_000;

/** The whole system. */
export interface App {
  /** Starts everything; the first cycle follows at once. */
  start(): Promise<void>;
  /** Finishes the turn under way and ends everything. Safe to call at any time, also twice. */
  stop(): Promise<void>;
  /** Where it answers, for example `http://localhost:4000`; empty before the start. */
  readonly url: string;
}

export interface AppOptions {
  readonly log: Logger;
  /** What of the log operators are shown over the API; none without it. */
  readonly warnings?: RecentWarnings;
  /** Takes the place of the market that the settings name. */
  readonly market?: MarketSource;
  /** Takes the place of this machine's. */
  readonly clock?: Clock;
}

/** Composes the system from its settings: with `app/`, the only place that builds adapters. */
export function createApp(config: Config, options: AppOptions): App {
  const running = new RunningParts(options.log);
  let url = '';
  return {
    async start() {
      try {
        url = await start(running, config, options);
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
    stop: () => running.stop(),
    get url() {
      return url;
    },
  };
}

/**
 * Starts each part after those that it needs, and what acts by itself last. They end in reverse: the
 * turn under way is finished, the lease is given back for another instance to take over at once,
 * callers are let go, and what all of them read and write is closed at the end.
 * @returns where the system answers
 */
async function start(
  running: RunningParts,
  config: Config,
  { log, warnings = new RecentWarnings(), market: given, clock = systemClock }: AppOptions,
): Promise<string> {
  await checkPort(config.server);
  const common = { config, log, warnings, clock, metrics: new Metrics(), slices: new Slices() };
  const instance = instanceName();
  const database = running.add(await openStorage(common));
  const market = running.add(await claimMarket({ ...common, database }, given));

  const feed = new CycleFeed(database.cycles);
  // Those of the backlog follow it, and are stored once they can be.
  database.onLoss(() => feed.newestBefore(database.backlog.turns[0] ?? Infinity)?.cycle ?? null);
  const strategy = new StrategyFeed(database.controlStore, config.universe, database.notifications);
  const latest = await recover({ ...database, feed, strategy, checkpoint: database.startsFrom });
  await market.start({ after: latest?.frame.observedAt ?? null });
  refuseTooMuchWeight(config, market);

  const series = buildSeries({
    ...{ ...database, feed, clock: () => clock.now() },
    memory: config.database.historyMemoryBytes,
  });
  const parts = { ...common, instance, database, market, feed, strategy, series };
  const engine = buildEngine(parts);
  const {
    checkpoint,
    watch,
    retention,
    sealing,
    evaluation,
    delivery,
    health,
    instances,
    lease,
    metronome,
  } = engine;
  await database.skips.open();
  running.add({ part: database.skips, stop: () => database.skips.close() });
  running.add({ part: checkpoint, stop: () => checkpoint.flush() });
  const { url } = running.add(await serve(parts, engine));
  watch.start(latest);
  running.add(stoppable(watch));
  retention.start();
  running.add(stoppable(retention));
  sealing.start();
  running.add({ part: sealing, stop: () => sealing.stop() });
  delivery.deliverer.start();
  running.add({ part: delivery, stop: () => delivery.deliverer.stop() });
  evaluation.start();
  running.add({ part: evaluation, stop: () => evaluation.stop() });
  running.add(await health.start());
  instances.start(metronome);
  running.add(stoppable(instances));
  running.add({ part: lease, stop: () => lease.release() });
  running.add(startTurns(engine, database, log));
  return url;
}

async function openStorage({
  config,
  log,
  metrics,
}: Pick<EngineParts, 'config' | 'log' | 'metrics'>): Promise<Running<OpenDatabase>> {
  const database = await openDatabase(config.database, log, {
    // What one that still runs knows is not ours to go on from.
    mayStartAwayAfter: (other) => instanceState(other) !== 'ALIVE',
    onRun: (run) => metrics.databaseRun(run),
  });
  return { part: database, stop: () => database.close() };
}

function stoppable<Part extends { stop(): void }>(part: Part): Running<Part> {
  return { part, stop: () => Promise.resolve(part.stop()) };
}

/** Runs turns from now on, and replays what an outage has left, now and after each one. */
function startTurns(
  { runner, metronome, instances }: Engine,
  database: OpenDatabase,
  log: Logger,
): Running<Engine['metronome']> {
  const stopped = new AbortController();
  const replayBacklog = (): void => {
    runner.replayBacklog(stopped.signal).catch((error: unknown) => {
      log.error({ err: error }, 'what was kept in DATA_DIR could not be stored');
    });
  };
  metronome.start();
  database.onBack(() => {
    log.info('the database is back');
    void instances.look();
    metronome.databaseIsBack();
    replayBacklog();
    database.skips.storeWaiting();
  });
  replayBacklog();
  return {
    part: metronome,
    stop: () => {
      stopped.abort();
      return metronome.stop(STOP_GRACE_MS);
    },
  };
}
