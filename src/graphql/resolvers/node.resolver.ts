import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { ByTurn, ReadsCycles } from '../field-traits.js';
import { CycleType } from '../types/cycle.js';
import { alertOf, firingOf } from '../alert-nodes.js';
import { fromGlobalId, NodeInterface, numberOfKey } from '../types/node.js';
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
    @Ctx() { services, loaders, pace, answer }: Context,
  ): Promise<NodeInterface | null> {
    const named = fromGlobalId(id);
    const number = numberOfKey(named?.key);
    switch (named?.typename) {
      case 'Cycle': {
        const figures = number === null ? null : await loaders.cycles.load(number);
        await pace.next();
        return figures && new CycleType(figures, loaders);
      }
      case 'StrategyConfig': {
        const version = number === null ? null : await services.strategy.version(number);
        return version && new StrategyConfigType(version);
      }
      case 'Alert':
        answer.isOfNow = true;
        return alertOf(named.key, services);
      case 'AlertFiring':
        answer.isOfNow = true;
        return firingOf(named.key, services);
      default:
        return null;
    }
  }
}
