import type { LeaseHolder } from '../cluster/lease-store.js';
import { Maintenance } from '../cluster/maintenance.js';
import type { Config } from '../config.js';
import type { Services } from '../graphql/context.js';
import { NO_LOAD } from '../graphql/load.js';
import { createSchema } from '../graphql/schema.js';
import { startHttpServer, type HttpServer } from '../http/http-server.js';
import { instanceLabel } from '../instance.js';
import type { Logger } from '../log.js';
import { isLoopbackHost } from '../loopback.js';
import type { MarketSource } from '../market/market-port.js';
import type { OpenDatabase } from '../open-database.js';
import { packageVersion } from '../version.js';
import type { Engine, EngineParts } from './engine.js';
import { Minutes } from './minutes.js';
import type { Running } from './running.js';
import { buildExtent, buildGaps } from './series.js';
import { buildExporter } from './transfer.js';

/** Answers callers from now on. */
export async function serve(parts: EngineParts, engine: Engine): Promise<Running<HttpServer>> {
  const { config, log, metrics, slices, market, database, feed, clock } = parts;
  const http = await startHttpServer({
    schema: await createSchema(),
    services: servicesOf(parts, engine),
    config: config.server,
    // Whoever can reach an open server must not act on somebody's real account.
    openRole: market.accountKind === 'ACCOUNT' ? 'viewer' : 'operator',
    metrics,
    exporter: buildExporter({
      ...{ ...database, feed, universe: config.universe },
      clock: () => clock.now(),
    }),
    slices,
    log,
  });
  const { load } = http;
  const minutes = new Minutes({ ...engine, ...{ feed, backlog: database.backlog, load, log } });
  minutes.start();
  const stop = (): Promise<void> => {
    minutes.stop();
    return http.stop();
  };
  return { part: http, stop };
}

function servicesOf(parts: EngineParts, engine: Engine): Services {
  const { config, log, clock, database, market, feed, strategy, series } = parts;
  const { metronome, watch, skipped, tally, lease, retention, continuity } = engine;
  const { alerts, evaluation, delivery, health } = engine;
  return {
    ...{ feed, strategy, metronome, watch, skipped, tally, lease, retention, continuity, market },
    // Whoever serves says what it is.
    load: () => NO_LOAD,
    logged: parts.warnings,
    instance: instanceLabel(parts.instance),
    leader: () => labelled(lease.leader),
    universe: config.universe,
    cycles: database.cycles,
    ...series,
    alerts,
    evaluation,
    channels: delivery.channels,
    health: health.notices,
    gaps: buildGaps({ ...database, feed, clock: () => clock.now() }),
    extent: buildExtent({ ...database, feed }),
    backlog: database.backlog,
    damage: database.damage,
    maintenance: new Maintenance({ ...database, feed, strategy, metronome }),
    database: database.probe,
    cycleIntervalMs: config.cycleIntervalMs,
    version: packageVersion(),
    startWarnings: startWarnings(config, market, database, log),
  };
}

function labelled(leader: LeaseHolder | null): LeaseHolder | null {
  return leader && { ...leader, holder: instanceLabel(leader.holder) };
}

/** Says once, at the start, what an operator should know. */
function startWarnings(
  config: Config,
  market: MarketSource,
  database: OpenDatabase,
  log: Logger,
): string[] {
  const warnings: string[] = [...config.warnings];
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
