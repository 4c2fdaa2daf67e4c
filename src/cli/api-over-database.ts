import { execute, type ExecutionResult } from 'graphql';
import { createContext, type Services } from '../graphql/context.js';
import { writeJson } from '../graphql/json.js';
import { NO_LOAD } from '../graphql/load.js';
import { createSchema } from '../graphql/schema.js';
import { Maintenance } from '../cluster/maintenance.js';
import type { Metronome } from '../turns/metronome.js';
import { TurnTally } from '../turns/turn-tally.js';
import { SkippedTurns } from '../feeds/skipped-turns.js';
import { buildAlerts } from '../app/alerts.js';
import { buildDelivery } from '../app/delivery.js';
import { buildExtent, buildGaps, buildSeries } from '../app/series.js';
import { systemClock } from '../time/system-clock.js';
import { unlessAway } from '../history/database-unavailable.js';
import { createLogger, RecentWarnings } from '../log.js';
import { packageVersion } from '../version.js';
import type { PartFault, RunOperation } from './stored-api.js';
import { openFeed } from './stored-feed.js';
import type { CommandDatabase } from './with-database.js';

/** It takes a while, and is the same for all. */
let schemaOnce: ReturnType<typeof createSchema> | undefined;

/** An operation that was answered with errors. */
class OperationError extends Error {
  override readonly name = 'OperationError';
}

/**
 * The API over the stored data alone, without an exchange and without turns: what is read and
 * changed is what a server on the same data reads and changes.
 */
export async function openApiOverDatabase(
  context: CommandDatabase,
  onPartFault: PartFault,
): Promise<RunOperation> {
  const schema = await (schemaOnce ??= createSchema());
  const services = servicesOver(context, await openFeed(context));
  await unlessAway(services.channels.refresh(), () => undefined);
  return async (document, variables) => {
    const result = (await execute({
      schema,
      document,
      variableValues: variables,
      contextValue: createContext(services, { role: 'operator', expiresAt: null, client: 'cli' }),
    })) as ExecutionResult<never>;
    const [error, ...others] = result.errors ?? [];
    if (error && !hasAnswer(result)) throw new OperationError(error.message, { cause: error });
    for (const fault of error ? [error, ...others] : []) onPartFault(fault);
    // As any caller gets it.
    return JSON.parse(writeJson(result.data).toString()) as never;
  };
}

function hasAnswer({ data }: ExecutionResult): boolean {
  return Object.values(data ?? {}).some((value) => value !== null);
}

function servicesOver(
  { config, database }: CommandDatabase,
  { feed, strategy }: Awaited<ReturnType<typeof openFeed>>,
): Services {
  const alerts = buildAlerts({ database, feed, strategy });
  // Whoever delivers is a server.
  const { channels } = buildDelivery(
    { config, database, clock: systemClock, log: createLogger('error'), instance: 'cli' },
    alerts.book,
  );
  return {
    universe: config.universe,
    cycles: database.cycles,
    ...buildSeries({ ...database, feed, clock: () => systemClock.now(), memory: 0 }),
    alerts,
    channels,
    evaluation: { warnings: [] },
    health: database.notices.store,
    gaps: buildGaps({ ...database, feed, clock: () => systemClock.now() }),
    extent: buildExtent({ ...database, feed }),
    feed,
    strategy,
    metronome: NO_TURNS,
    watch: { age: null, standstill: null, nextTurnAt: 0 },
    skipped: new SkippedTurns(),
    backlog: database.backlog,
    damage: database.damage,
    tally: new TurnTally(),
    lease: { isHeld: false, wasAlone: false },
    instance: 'cli',
    leader: () => null,
    load: () => NO_LOAD,
    logged: new RecentWarnings(),
    retention: { warnings: [] },
    continuity: { warnings: [] },
    maintenance: new Maintenance({ ...database, feed, strategy, metronome: NO_TURNS }),
    market: { kind: config.exchange.kind, status: noExchange, listed: () => [] },
    database: database.probe,
    cycleIntervalMs: config.cycleIntervalMs,
    version: packageVersion(),
    startWarnings: [],
  };
}

const NO_TURNS: Pick<Metronome, 'runNow' | 'status' | 'forgetLast'> = {
  runNow: () => {
    const failure = { at: 0, code: 'NO_SERVER', message: 'cycles are run by a server' };
    return Promise.resolve({ ok: false, kind: 'FAILED', failure });
  },
  status: () => ({
    nextTurnAt: null,
    lastFailure: null,
    isFollowing: false,
    hindrance: null,
    hasEnded: false,
    warnings: [],
  }),
  forgetLast: () => undefined,
};

function noExchange() {
  return {
    usedWeight: null,
    weightLimit: 0,
    weightPerTurn: 0,
    bannedUntil: null,
    clockOffsetMs: null,
    warnings: [],
  };
}
