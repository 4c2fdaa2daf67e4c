import { ConfigError, isLoopbackHost, type Config } from './config.js';
import type { Cycle } from './domain/cycle.js';
import { createMarket } from './exchange/create-market.js';
import { createSchema } from './graphql/schema.js';
import { Metrics } from './http/metrics.js';
import { startHttpServer, type HttpServer } from './http/server.js';
import { instanceName, instanceState } from './instance.js';
import type { Logger } from './log.js';
import { ClockWitnesses } from './cluster/clock-witnesses.js';
import { Autonomy } from './durability/autonomy.js';
import { Continuity } from './durability/continuity.js';
import { CycleFeed } from './feeds/cycle-feed.js';
import { Instances } from './cluster/instances.js';
import { CheckpointWriter } from './durability/checkpoint.js';
import { Ledger } from './turns/ledger.js';
import { Lease } from './cluster/lease.js';
import { Maintenance } from './cluster/maintenance.js';
import { Metronome } from './turns/metronome.js';
import type { MarketSource } from './market/market-port.js';
import type { Clock } from './time/clock.js';
import { Retention } from './cluster/retention.js';
import { SkippedTurns } from './feeds/skipped-turns.js';
import { Slices } from './scheduling/slices.js';
import { StrategyFeed } from './feeds/strategy-feed.js';
import { TurnWatch } from './turns/turn-watch.js';
import { TurnRunner } from './turns/turn-runner.js';
import { openDatabase, type OpenDatabase } from './open-database.js';
import { systemClock } from './time/system-clock.js';
import { packageVersion } from './version.js';

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
  /** Takes the place of the market that the settings name. */
  readonly market?: MarketSource;
  /** Takes the place of this machine's. */
  readonly clock?: Clock;
}

/** Composes the system from its settings: the only place that builds adapters. */
export function createApp(
  config: Config,
  { log, market: givenMarket, clock = systemClock }: AppOptions,
): App {
  const running: (() => Promise<void>)[] = [];
  let http: HttpServer | undefined;

  /** Each part that was started is stopped again, last first. */
  const stopAll = async (): Promise<void> => {
    for (let stop = running.pop(); stop; stop = running.pop()) {
      await stop().catch((error: unknown) => {
        log.error({ err: error }, 'a part of the server did not stop cleanly');
      });
    }
  };

  async function start(): Promise<void> {
    const metrics = new Metrics();
    const instance = instanceName();
    const known: { feed?: CycleFeed } = {};
    const database = await openDatabase(config.database, log, {
      // What one that still runs knows is not ours to go on from.
      mayStartAwayAfter: (other) => instanceState(other) !== 'ALIVE',
      newestCycle: () => known.feed?.newest?.cycle ?? null,
      onRun: (run) => metrics.databaseRun(run),
    });
    running.push(() => database.close());
    const { news, backlog } = database;

    const market =
      givenMarket ??
      createMarket(config, {
        clock,
        log,
        limits: database.exchangeLimits,
        onCall: (call) => metrics.exchangeCall(call),
      });
    await database.claim({
      exchange: market.kind,
      source: market.origin,
      account: market.accountKind,
    });
    const feed = (known.feed = new CycleFeed(database.cycles));
    const strategy = new StrategyFeed(database.config, config.universe, news);
    const latest = await learn(database, feed, strategy);
    running.push(() => market.stop());
    await market.start({ after: latest?.frame.observedAt ?? null });
    refuseTooMuchWeight(config, market);

    const autonomy = new Autonomy({
      aloneForMs: config.database.aloneForMs,
      checkpointAt: database.startsFrom?.contactAt ?? null,
    });
    const lease = new Lease({
      store: database.lease,
      holder: instance,
      isGone,
      autonomy,
    });
    const checkpoint = new CheckpointWriter(instance, database.checkpoint, log);
    running.push(() => checkpoint.flush());
    const skipped = new SkippedTurns();
    const { cycles } = database;
    const slices = new Slices();
    const continuity = new Continuity({ feed, cycles, backlog, strategy, log });
    const instances = new Instances({
      ...database,
      feed,
      strategy,
      continuity,
      lease,
      skipped,
      log,
    });
    const runner = new TurnRunner({
      market,
      ledger: new Ledger({
        cycles,
        backlog,
        strategy,
        feed,
        continuity,
        lease,
        autonomy,
        checkpoint,
        replay: database.replay,
      }),
      backlog,
      lease,
      news,
      clock,
      log,
      universe: config.universe,
      staleAfterMs: config.staleAfterMs,
      onStage: (stage, ms) => metrics.stage(stage, ms),
      slices,
    });
    const metronome = new Metronome({
      runner,
      clock,
      log,
      intervalMs: config.cycleIntervalMs,
      onTurn: (report) => metrics.turn(report),
      onSkipped: ({ at, code, message }) => {
        skipped.add({ at, code, message });
        news.publish({ kind: 'SKIPPED', at, code, message });
      },
      runElsewhere: () => instances.runElsewhere(() => clock.now()),
    });
    const watch = new TurnWatch({
      feed,
      metronome,
      lease,
      clock,
      log,
      intervalMs: config.cycleIntervalMs,
      isSilent: () => market.status().bannedUntil !== null,
    });
    const retention = new Retention({
      ...database,
      lease,
      witnesses: new ClockWitnesses({ clock, market, ages: database.ages }),
      log,
      days: config.database.retentionDays,
      isReplay: market.kind === 'REPLAY',
    });
    // A turn that was taken back is no answer to who asks for one now.
    feed.onRewind(() => metronome.forgetLast());
    http = await startHttpServer({
      schema: await createSchema(),
      services: {
        universe: config.universe,
        cycles: database.cycles,
        feed,
        strategy,
        metronome,
        watch,
        skipped,
        backlog,
        damage: database.damage,
        lease,
        retention,
        continuity,
        maintenance: new Maintenance({ ...database, feed, metronome }),
        market,
        database: database.probe,
        cycleIntervalMs: config.cycleIntervalMs,
        version: packageVersion(),
        startWarnings: startWarnings(config, market, database, log),
      },
      settings: config.server,
      // Whoever can reach an open server must not act on somebody's real account.
      openRole: market.accountKind === 'ACCOUNT' ? 'viewer' : 'operator',
      metrics,
      slices,
      log,
    });
    running.push(http.stop);
    watch.start(latest);
    running.push(() => Promise.resolve(watch.stop()));
    instances.start(metronome);
    retention.start();
    running.push(() => Promise.resolve(retention.stop()));
    running.push(() => Promise.resolve(instances.stop()));
    running.push(() => lease.release());
    const stopped = new AbortController();
    const replayBacklog = (): void => {
      runner.replayBacklog(stopped.signal).catch((error: unknown) => {
        log.error({ err: error }, 'what was kept in DATA_DIR could not be stored');
      });
    };
    metronome.start();
    database.onBack(() => {
      log.info('the database is back');
      instances.look();
      metronome.wake();
      replayBacklog();
    });
    replayBacklog();
    running.push(() => {
      stopped.abort();
      return metronome.stop(STOP_GRACE_MS);
    });
  }

  return {
    async start() {
      try {
        await start();
      } catch (error) {
        await stopAll();
        throw error;
      }
    },
    stop: stopAll,
    get url() {
      return http?.url ?? '';
    },
  };
}

function isGone(instance: string): boolean {
  return instanceState(instance) === 'GONE';
}

/** Makes known what there is; where the database is away, what the process before this one knew. */
async function learn(
  database: OpenDatabase,
  feed: CycleFeed,
  strategy: StrategyFeed,
): Promise<Cycle | null> {
  const known = database.startsFrom;
  feed.apply(known ? strategy.apply(known.control) : await strategy.control());
  for (const cycle of known?.cycles ?? []) feed.announce(feed.figuresOf(cycle));
  const [last] = database.backlog.turns.slice(-1);
  if (known && last === undefined) return known.cycles.at(-1) ?? null;
  const newest = await database.cycles.latest();
  // Where it is not durable yet, the first turn finds out.
  const [latest = null] = newest && !known ? await database.cycles.confirmed([newest]) : [newest];
  if (latest) feed.announce(feed.figuresOf(latest));
  // Known from now on, also while the database is away.
  if (!known) await feed.span();
  return (await feed.latestReadable())?.cycle ?? null;
}

/** Request weight a minute; the other half of Binance's limit is left to others at this address. */
const MAX_PLANNED_WEIGHT = 3000;

/** @throws {ConfigError} if Binance would be asked for more than half of what it allows. */
function refuseTooMuchWeight({ cycleIntervalMs }: Config, market: MarketSource): void {
  if (market.kind !== 'BINANCE') return;
  const { weightPerTurn } = market.status();
  const planned = Math.ceil((weightPerTurn * 60_000) / cycleIntervalMs);
  if (planned <= MAX_PLANNED_WEIGHT) return;
  const least = Math.ceil((weightPerTurn * 60_000) / MAX_PLANNED_WEIGHT);
  throw new ConfigError([
    `CYCLE_INTERVAL_MS: expected at least ${least} for these ASSETS: at ${cycleIntervalMs} the planned request weight is ${planned} a minute, and half of Binance's 6000 is the most`,
  ]);
}

/** Says once, at the start, what an operator should know. */
function startWarnings(
  config: Config,
  market: MarketSource,
  database: OpenDatabase,
  log: Logger,
): string[] {
  const warnings: string[] = [];
  if (market.kind === 'BINANCE' && database.probe.kind === 'EMBEDDED') {
    warnings.push(
      'The embedded database is for trying, developing and testing: set MONGO_URI to keep real cycles.',
    );
  }
  if (config.server.apiSecretKey === null && isLoopbackHost(config.server.host)) {
    const rights = market.accountKind === 'ACCOUNT' ? 'reading' : 'everything';
    log.info(`API_SECRET_KEY is not set: the server is open to this machine, for ${rights}`);
  }
  for (const warning of warnings) log.warn(warning);
  return warnings;
}
