import { Ctx, Query, Resolver, Root, Subscription } from 'type-graphql';
import { abortable } from '../../async/abortable.js';
import { unlessAway } from '../../history/database-unavailable.js';
import type { TurnFailure } from '../../history/turn-failure.js';
import { isReadable, type StoredFigures } from '../../history/stored-cycle.js';
import type { Context, Services } from '../context.js';
import { dateOf } from '../scalars.js';
import { CycleFailureType, StatusType } from '../types/status.js';

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
  async status(@Ctx() { services }: Context): Promise<StatusType> {
    const { market, metronome, feed, watch } = services;
    const [version, span] = await Promise.all([
      services.database.version(),
      unlessAway(feed.span(), () => null),
    ]);
    const exchange = market.status();
    const turns = metronome.status();
    const latest = await unlessAway(feed.latest(), () => 'UNKNOWN' as const);
    return {
      exchange: {
        kind: market.kind,
        usedWeight: exchange.usedWeight,
        weightLimit: exchange.weightLimit,
        bannedUntil: dateOf(exchange.bannedUntil),
        clockOffsetMs: exchange.clockOffsetMs,
      },
      database: { kind: services.database.kind, reachable: version !== null, version },
      oldestTurn: span?.oldest ?? null,
      latestTurn: latest === 'UNKNOWN' ? feed.latestTurn || null : (latest?.turn ?? null),
      latestCycleAt: completionOf(latest),
      nextCycleAt: dateOf(turns.isFollowing ? span && watch.nextTurnAt : turns.nextTurnAt),
      cycleIntervalMs: services.cycleIntervalMs,
      lastFailure: toFailure(turns.lastFailure),
      lastSkipped: toFailure(services.skipped.last),
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
