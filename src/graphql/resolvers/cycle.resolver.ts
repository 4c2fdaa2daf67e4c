import { Arg, Ctx, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { matrixDifference, type MatrixKind } from '../../domain/matrix.js';
import { EachTurn, TurnBatches } from '../../feeds/turn-events.js';
import { readable, type FollowedTurn } from '../../history/stored-cycle.js';
import { DEFAULT_PAGE, readCyclePage } from '../cycle-page.js';
import type { Context } from '../context.js';
import { badUserInput, turnNotRun } from '../errors.js';
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
import { createLoaders, matrixAtTurn, storedTurn } from '../loaders.js';
import { MatrixKindEnum } from '../enums.js';
import { atPace } from '../paced.js';
import { DateTime } from '../scalars.js';
import { sourceFrom, type StartArguments } from '../starting-turn.js';
import { CycleConnectionType } from '../types/connection.js';
import { CycleType } from '../types/cycle.js';
import { MatrixType } from '../types/matrix.js';
import { RunCyclePayload } from '../types/payloads.js';

/** How many cycles one message of a batch has at most. */
const LARGEST_BATCH = 100;

const followCycles: SharedSource<StartArguments> = ({ args, context: { services } }) =>
  sourceFrom(args, services, new EachTurn(services.feed));

const followBatches: SharedSource<StartArguments & { readonly atMost: number }> = ({
  args,
  context: { services },
}) => {
  const { atMost } = args;
  if (atMost < 1 || atMost > LARGEST_BATCH) {
    throw badUserInput('atMost', `expected 1 to ${LARGEST_BATCH}, not ${atMost}`);
  }
  return sourceFrom(args, services, new TurnBatches(services.feed, atMost));
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

  @SharedAfter('after')
  // Whoever is live may fall behind, and gets lists then.
  @ReadsCycles(batchSize)
  @Costs((args) => objects(batchSize(args)))
  @Subscription(() => [CycleType], {
    description:
      'The same in lists: catching up, as many stored cycles in one message as there are, at most `atMost` (fewer where a list ends at a turn that is a multiple of it, as everybody gets them), then each alone. The same guarantee as cycleCompleted; a turn that cannot be read is an error of its own.',
    subscribe: followBatches,
  })
  cyclesCompleted(
    @Root() followed: readonly FollowedTurn[],
    @Ctx() { services, pace }: Context,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The last turn that the caller has; without it, only cycles from now on.',
    })
    _after: number | null | undefined,
    @Arg('atMost', () => Int, {
      defaultValue: LARGEST_BATCH,
      description: `How many cycles one message has at most: 1 to ${LARGEST_BATCH}.`,
    })
    _atMost: number,
  ): Iterable<CycleType | Promise<CycleType>> {
    const loaders = createLoaders(services.feed, pace);
    const cycles = followed.map(readable);
    for (const figures of cycles) loaders.know(figures);
    return atPace(
      cycles.map((figures) => new CycleType(figures, loaders)),
      pace,
    );
  }
}

/** How many cycles a message is asked to have at most. */
function batchSize({ atMost }: Arguments): number {
  return numberOf(atMost, LARGEST_BATCH);
}

/** How many cycles a page is asked to have. */
function pageSize({ first, last }: Arguments): number {
  return numberOf(first, numberOf(last, DEFAULT_PAGE));
}
