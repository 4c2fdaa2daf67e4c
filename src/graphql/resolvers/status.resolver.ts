import { Ctx, Query, Resolver, Root, Subscription } from 'type-graphql';
import { abortable } from '../../async/abortable.js';
import { unlessAway } from '../../history/database-unavailable.js';
import type { TurnFailure } from '../../history/turn-failure.js';
import { isReadable, type StoredFigures } from '../../history/stored-cycle.js';
import type { MarketStatus } from '../../market/market-port.js';
import type { Context, Services } from '../context.js';
import { dateOf } from '../scalars.js';
import { StatusType } from '../types/status.js';
import { ExchangeStatusType } from '../types/status-exchange.js';
import { LoadStatusType } from '../types/status-load.js';
import {
  CycleFailureType,
  type ReplayStatusType,
  type SpoolStatusType,
} from '../types/status-operation.js';
import type { TurnsStatusType } from '../types/status-turns.js';

@Resolver()
export class StatusResolver {
  @Subscription(() => CycleFailureType, {
    description: 'Each turn that is skipped, by whichever instance, and why; from now on.',
    subscribe: ({ context }: { context: Context }) =>
      abortable((signal) => context.services.skipped.follow(signal)),
  })
  cycleSkipped(@Root() failure: TurnFailure): CycleFailureType {
    return { at: new Date(failure.at), code: failure.code, message: failure.message };
  }

  @Query(() => StatusType, {
    description: 'How the engine stands. Answers while the database is away.',
  })
  async status(@Ctx() { services, viewer }: Context): Promise<StatusType> {
    const { market, metronome, feed, watch } = services;
    const [version, span] = await Promise.all([
      services.database.version(),
      unlessAway(feed.span(), () => null),
    ]);
    const exchange = market.status();
    const turns = metronome.status();
    const latest = await unlessAway(feed.latest(), () => 'UNKNOWN' as const);
    return {
      exchange: new ExchangeStatusType(market.kind, exchange),
      database: { kind: services.database.kind, reachable: version !== null, version },
      oldestTurn: span?.oldest ?? null,
      latestTurn: latest === 'UNKNOWN' ? feed.latestTurn || null : (latest?.turn ?? null),
      latestCycleAt: completionOf(latest),
      nextCycleAt: dateOf(turns.isFollowing ? span && watch.nextTurnAt : turns.nextTurnAt),
      cycleIntervalMs: services.cycleIntervalMs,
      lastFailure: toFailure(turns.lastFailure),
      lastSkipped: toFailure(services.skipped.last),
      turns: turnsOf(services.tally),
      spool: spoolOf(services.backlog),
      load: new LoadStatusType(services.load()),
      replay: replayOf(exchange, feed),
      ...(viewer.role === 'operator' ? forOperators(services) : FOR_VIEWERS),
      warnings: [
        ...services.startWarnings,
        ...services.strategy.warnings,
        ...exchange.warnings,
        ...turns.warnings,
        ...standstillOf(services),
        ...databaseWarnings(services, version !== null),
        ...services.continuity.warnings,
        ...services.backlog.warnings,
        ...services.retention.warnings,
        ...services.evaluation.warnings,
        ...services.channels.warnings,
        ...services.damage.warnings,
      ],
      storageEpoch: feed.rangeEpoch,
      version: services.version,
    };
  }
}

/** What is of nobody's concern but an operator's: names of machines, and words that were meant for a log. */
function forOperators(services: Services): Pick<StatusType, 'instances' | 'recentWarnings'> {
  const { lease, instance } = services;
  const leader = services.leader();
  return {
    instances: {
      name: instance,
      leads: lease.isHeld,
      leader: leader?.holder ?? null,
      leaderSince: dateOf(leader?.since ?? null),
      hasOthers: lease.isHeld ? !lease.wasAlone : leader !== null && leader.holder !== instance,
    },
    recentWarnings: services.logged.newest.map(({ at, ...line }) => ({
      ...line,
      at: new Date(at),
    })),
  };
}

const FOR_VIEWERS = { instances: null, recentWarnings: null } as const;

function turnsOf(tally: Services['tally']): TurnsStatusType {
  return {
    completed: tally.of('COMPLETED'),
    failed: tally.of('FAILED'),
    skipped: tally.of('SKIPPED'),
    late: tally.late,
    lastLate: toFailure(tally.lastLate),
    counts: tally.counts,
  };
}

function spoolOf({ turns, rejectedCount }: Services['backlog']): SpoolStatusType {
  return {
    cycles: turns.length,
    oldestTurn: turns[0] ?? null,
    newestTurn: turns.at(-1) ?? null,
    rejected: rejectedCount,
  };
}

/** Another instance may be the one that plays it. */
function replayOf({ replay }: MarketStatus, feed: Services['feed']): ReplayStatusType | null {
  if (!replay) return null;
  const newest = feed.newest?.cycle.frame.observedAt ?? replay.from;
  const at = Math.min(Math.max(replay.at, newest), replay.to);
  return { from: new Date(replay.from), to: new Date(replay.to), at: new Date(at) };
}

/** Why a database that answers is not written to; that it does not answer is said elsewhere. */
function databaseWarnings({ database }: Services, isReachable: boolean): string[] {
  const trouble = isReachable ? database.trouble() : null;
  return trouble === null ? [] : [`The cycles cannot be stored: ${trouble}`];
}

function completionOf(latest: StoredFigures | 'UNKNOWN' | null): Date | null {
  if (latest === null || latest === 'UNKNOWN' || !isReadable(latest)) return null;
  return new Date(latest.cycle.completedAt);
}

/** A recording that is over has been said. */
function standstillOf({ watch, metronome }: Services): string[] {
  const { standstill } = watch;
  if (standstill === null || metronome.status().hasEnded) return [];
  return [`Turns stand still: ${standstill}`];
}

function toFailure(failure: TurnFailure | null): CycleFailureType | null {
  return failure && { at: new Date(failure.at), code: failure.code, message: failure.message };
}
