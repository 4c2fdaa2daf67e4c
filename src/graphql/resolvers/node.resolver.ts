import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { ByTurn, ReadsCycles } from '../field-traits.js';
import { CycleType } from '../types/cycle.js';
import { fromGlobalId, NodeInterface } from '../types/node.js';
import { StrategyConfigType } from '../types/strategy.js';

@Resolver()
export class NodeResolver {
  @ByTurn()
  @ReadsCycles(() => 1)
  @Query(() => NodeInterface, {
    nullable: true,
    description: 'Any object by its id; null where there is none.',
  })
  async node(
    @Arg('id', () => ID, { description: 'An id that this API gave out.' }) id: string,
    @Ctx() { services, loaders, pace }: Context,
  ): Promise<NodeInterface | null> {
    const named = fromGlobalId(id);
    switch (named?.typename) {
      case 'Cycle': {
        const figures = await loaders.cycles.load(named.key);
        await pace.next();
        return figures && new CycleType(figures, loaders);
      }
      case 'StrategyConfig': {
        const version = await services.strategy.version(named.key);
        return version && new StrategyConfigType(version);
      }
      default:
        return null;
    }
  }
}
