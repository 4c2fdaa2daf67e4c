import { Arg, Ctx, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { StrategyConfig } from '../../domain/strategy.js';
import { abortable } from '../../async/abortable.js';
import { readable } from '../../history/stored-cycle.js';
import type { Context } from '../context.js';
import { ByTurn, FixedWhere, ReadsCycles } from '../field-traits.js';
import { UpdateStrategyConfigPayload, UserErrorCode } from '../types/payloads.js';
import { UpdateStrategyConfigInput } from '../types/strategy-input.js';
import { StrategyAuxType, StrategyConfigType } from '../types/strategy.js';

@Resolver()
export class StrategyResolver {
  @Query(() => StrategyConfigType, {
    description: "The strategy's settings as the next turn will run under them.",
  })
  async strategyConfig(@Ctx() { services }: Context): Promise<StrategyConfigType> {
    return new StrategyConfigType((await services.strategy.knownControl()).strategy);
  }

  @ByTurn()
  @FixedWhere(({ turn }) => typeof turn === 'number')
  @ReadsCycles(({ turn }) => (typeof turn === 'number' ? 1 : 0))
  @Query(() => StrategyAuxType, {
    nullable: true,
    description: 'The strategy figures of the latest turn, or of one; null where it is not stored.',
  })
  async strategyAux(
    @Ctx() { services, loaders }: Context,
    @Arg('turn', () => Int, {
      nullable: true,
      description: 'The turn: 1, 2, 3, …; without it, the latest.',
    })
    turn?: number | null,
  ): Promise<StrategyAuxType | null> {
    const figures =
      turn === null || turn === undefined
        ? await services.feed.latest()
        : await loaders.cycles.load(turn);
    return figures && new StrategyAuxType(readable(figures).cycle.aux);
  }

  @Mutation(() => UpdateStrategyConfigPayload, {
    description:
      'Changes the settings from the next turn on, as a new version. Omitted fields stay; null is refused. A change that changes nothing makes no version.',
  })
  async updateStrategyConfig(
    @Arg('input', () => UpdateStrategyConfigInput, { description: 'What to change.' })
    input: UpdateStrategyConfigInput,
    @Ctx() { services }: Context,
  ): Promise<UpdateStrategyConfigPayload> {
    const update = await services.strategy.update(input);
    if (update.ok) {
      return { strategyConfig: new StrategyConfigType(update.strategy), userErrors: [] };
    }
    const userErrors = update.faults.map(({ field, message }) => ({
      field: ['input', field],
      message,
      code: UserErrorCode.INVALID,
    }));
    return { strategyConfig: null, userErrors };
  }

  @Subscription(() => StrategyConfigType, {
    description: 'Each new version of the settings, in order, from now on.',
    subscribe: ({ context }: { context: Context }) =>
      abortable((signal) => context.services.strategy.follow(signal)),
  })
  strategyConfigUpdated(@Root() version: StrategyConfig): StrategyConfigType {
    return new StrategyConfigType(version);
  }
}
