import { Arg, Ctx, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import { abortable } from '../../pipeline/abortable.js';
import { readCyclePage } from '../cycle-page.js';
import type { Context } from '../context.js';
import { turnNotRun } from '../errors.js';
import { createLoaders } from '../loaders.js';
import { DateTime } from '../scalars.js';
import { CycleConnectionType } from '../types/connection.js';
import { CycleType } from '../types/cycle.js';
import { RunCyclePayload } from '../types/payloads.js';

@Resolver()
export class CycleResolver {
  @Query(() => CycleType, {
    nullable: true,
    description: 'The newest stored cycle; null before the first.',
  })
  async latestCycle(@Ctx() { services, loaders }: Context): Promise<CycleType | null> {
    const figures = await services.feed.latest();
    return figures && new CycleType(figures, loaders);
  }

  @Query(() => CycleType, {
    nullable: true,
    description: 'The cycle of one turn; null where that turn is not stored.',
  })
  async cycle(
    @Arg('turn', () => Int, { description: 'The turn: 1, 2, 3, …' }) turn: number,
    @Ctx() { loaders }: Context,
  ): Promise<CycleType | null> {
    const figures = await loaders.cycles.load(turn);
    return figures && new CycleType(figures, loaders);
  }

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

  @Subscription(() => CycleType, {
    description: 'Each cycle once it is durable, in order, from now on.',
    subscribe: ({ context: { services } }: { context: Context }) =>
      abortable((signal) => services.feed.follow(services.feed.latestTurn, signal)),
  })
  cycleCompleted(@Root() figures: CycleFigures, @Ctx() { services }: Context): CycleType {
    return new CycleType(figures, createLoaders(services.feed));
  }
}
