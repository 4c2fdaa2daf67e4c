import { Arg, Ctx, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import { matrixDifference, type MatrixKind } from '../../domain/matrix.js';
import type { CycleFeed } from '../../feeds/cycle-feed.js';
import { CycleSource } from '../../feeds/cycle-source.js';
import { unlessAway } from '../../history/database-unavailable.js';
import { type TurnSpan } from '../../history/cycle-store.js';
import { readable, type FollowedTurn } from '../../history/stored-cycle.js';
import { DEFAULT_PAGE, readCyclePage } from '../cycle-page.js';
import type { Context, Services } from '../context.js';
import { badUserInput, historyGone, turnNotRun } from '../errors.js';
import {
  ByTurn,
  Costs,
  Derived,
  FixedWhere,
  numberOf,
  objects,
  ReadsCycles,
  SharedAfter,
  type Arguments,
  type SharedSource,
} from '../field-traits.js';
import { createLoaders, matrixAtTurn, type Loaders } from '../loaders.js';
import { MatrixKindEnum } from '../enums.js';
import { DateTime } from '../scalars.js';
import { CycleConnectionType } from '../types/connection.js';
import { CycleType } from '../types/cycle.js';
import { MatrixType } from '../types/matrix.js';
import { RunCyclePayload } from '../types/payloads.js';

const followCycles: SharedSource<{ readonly after?: number | null }> = async ({
  args,
  context,
}) => {
  const { services } = context;
  const after = await startingTurn(args.after, services);
  return new CycleSource(services.feed, after, typeof args.after === 'number');
};

@Resolver()
export class CycleResolver {
  @ByTurn()
  @Query(() => CycleType, {
    nullable: true,
    description: 'The newest stored cycle; null before the first.',
  })
  async latestCycle(@Ctx() { services, loaders }: Context): Promise<CycleType | null> {
    const figures = await services.feed.latest();
    return figures && new CycleType(readable(figures), loaders);
  }

  @ByTurn()
  @FixedWhere(() => true)
  @ReadsCycles(() => 1)
  @Query(() => CycleType, {
    nullable: true,
    description: 'The cycle of one turn; null where that turn is not stored.',
  })
  async cycle(
    @Arg('turn', () => Int, { description: 'The turn: 1, 2, 3, …' }) turn: number,
    @Ctx() { loaders, pace }: Context,
  ): Promise<CycleType | null> {
    const figures = await loaders.cycles.load(turn);
    await pace.next();
    return figures && new CycleType(figures, loaders);
  }

  @ByTurn()
  @FixedWhere(() => true)
  @ReadsCycles(({ kind }) => (kind === 'ID_PCT' ? 4 : 2))
  @Derived()
  @Query(() => MatrixType, {
    nullable: true,
    description:
      "What the cells of one turn are more than those of another: cell(turn) - cell(with), over the first one's universe; null where either is. In the kind's unit, percents in percentage points; scale is null.",
  })
  async compare(
    @Arg('turn', () => Int, { description: 'The turn whose cells are counted.' }) turn: number,
    @Arg('with', () => Int, { description: 'The turn whose cells are taken off.' }) other: number,
    @Arg('kind', () => MatrixKindEnum, { description: 'Which of the five, at both turns.' })
    kind: MatrixKind,
    @Ctx() { loaders, pace }: Context,
  ): Promise<MatrixType> {
    const [figures, others] = await Promise.all([
      storedTurn(turn, 'turn', loaders),
      storedTurn(other, 'with', loaders),
    ]);
    await pace.next();
    const [now, then] = [
      await matrixAtTurn(figures, kind, loaders),
      await matrixAtTurn(others, kind, loaders),
    ];
    const all = [...figures.cycle.universe.keys()];
    return new MatrixType(figures, matrixDifference(now, then), all, all, other);
  }

  @ByTurn()
  @ReadsCycles(pageSize)
  @Costs((args) => objects(pageSize(args)))
  @Query(() => CycleConnectionType, {
    description:
      'Stored cycles, newest first. `first` or `last`, up to 100, not both; default first: 20. [from, to) filters observedAt.',
  })
  cycles(
    @Ctx() context: Context,
    @Arg('first', () => Int, {
      nullable: true,
      description: 'How many, counted from the newest (or from `after`): 1 to 100.',
    })
    first?: number | null,
    @Arg('after', () => String, {
      nullable: true,
      description: 'A cursor: only cycles after it in the list, which are older.',
    })
    after?: string | null,
    @Arg('last', () => Int, {
      nullable: true,
      description: 'How many, counted from the oldest (or from `before`): 1 to 100.',
    })
    last?: number | null,
    @Arg('before', () => String, {
      nullable: true,
      description: 'A cursor: only cycles before it in the list, which are newer.',
    })
    before?: string | null,
    @Arg('from', () => DateTime, {
      nullable: true,
      description: 'Only cycles observed at or after this moment.',
    })
    from?: Date | null,
    @Arg('to', () => DateTime, {
      nullable: true,
      description: 'Only cycles observed before this moment.',
    })
    to?: Date | null,
  ): CycleConnectionType {
    const page = readCyclePage({ first, after, last, before, from, to }, context);
    return new CycleConnectionType(page);
  }

  @Mutation(() => RunCyclePayload, {
    description:
      'Joins a turn that is under way; returns the last one with ran: false if it completed under 1 s ago; otherwise runs one now, and the metronome counts on from it.',
  })
  async runCycle(@Ctx() { services, loaders }: Context): Promise<RunCyclePayload> {
    const run = await services.metronome.runNow();
    if (!run.ok) throw turnNotRun(run.failure);
    return { cycle: new CycleType(run.figures, loaders), ran: run.ran, userErrors: [] };
  }

  @SharedAfter('after')
  @Subscription(() => CycleType, {
    description:
      'Each cycle once it is durable, in order. `after: N` first sends every stored cycle after turn N, then goes on live: no gap, no repeat. N beyond the latest turn: BAD_USER_INPUT. Older than what is kept: HISTORY_GONE with extensions.oldestTurn. Where the database was put back, and a turn that was sent is not stored so, the socket is closed with 4510 and the last turn that stands as its reason: begin anew.',
    subscribe: followCycles,
  })
  cycleCompleted(
    @Root() followed: FollowedTurn,
    @Ctx() { services, pace }: Context,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The last turn that the caller has; without it, only cycles from now on.',
    })
    _after?: number | null,
  ): CycleType {
    return new CycleType(readable(followed), createLoaders(services.feed, pace));
  }
}

/** @throws BAD_USER_INPUT where a turn is not stored */
async function storedTurn(
  turn: number,
  argument: string,
  { cycles }: Loaders,
): Promise<CycleFigures> {
  const figures = await cycles.load(turn);
  if (figures === null) throw badUserInput(argument, `turn ${turn} is not stored`);
  return figures;
}

/** How many cycles a page is asked to have. */
function pageSize({ first, last }: Arguments): number {
  return numberOf(first, numberOf(last, DEFAULT_PAGE));
}

/**
 * The turn after which a subscription begins.
 * @throws BAD_USER_INPUT beyond the latest turn, HISTORY_GONE before the oldest that is kept.
 */
async function startingTurn(
  after: number | null | undefined,
  { feed, strategy }: Services,
): Promise<number> {
  if (after === null || after === undefined) return feed.latestTurn;
  const [span, { purgedThrough, droppedThrough }] = await Promise.all([
    knownSpan(after, feed),
    strategy.knownControl(),
  ]);
  const latest = Math.max(span?.latest ?? 0, feed.latestTurn, purgedThrough, droppedThrough);
  if (after < 0 || after > latest) {
    throw badUserInput('after', `expected a turn from 0 to the latest, ${latest}, not ${after}`);
  }
  const oldest = span?.oldest ?? null;
  if (after < (oldest ?? purgedThrough + 1) - 1) {
    throw historyGone(`after: the cycles that follow turn ${after} are no longer kept`, oldest);
  }
  return after;
}

/** The stored turns; where the database is away, those from the next one on, if that is at hand. */
function knownSpan(after: number, feed: CycleFeed): Promise<TurnSpan | null> {
  return unlessAway(feed.span(), async () => {
    const latest = feed.latestTurn;
    if (after < latest) await feed.next(after);
    return { oldest: Math.min(after + 1, latest), latest };
  });
}
