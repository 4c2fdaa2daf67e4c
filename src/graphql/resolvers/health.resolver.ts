import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { DEFAULT_PAGE } from '../cycle-page.js';
import { badUserInput } from '../errors.js';
import { Costs, numberOf, objects } from '../field-traits.js';
import { HealthNoticeType } from '../types/health-notice.js';

/** How many are listed at most. */
const MOST = 100;

@Resolver()
export class HealthResolver {
  @Costs(({ first }) => objects(numberOf(first, DEFAULT_PAGE)))
  @Query(() => [HealthNoticeType], {
    nullable: true,
    description:
      'What was wrong with the engine, the newest first, as all instances saw it; while the database is away, what this one has seen since. The newest 1,000 are kept.',
  })
  async healthNotices(
    @Ctx() { services }: Context,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_PAGE,
      description: `How many: 1 to ${MOST}.`,
    })
    first: number,
  ): Promise<HealthNoticeType[]> {
    if (first < 1 || first > MOST) throw badUserInput('first', `expected 1 to ${MOST}`);
    const notices = await services.health.newest(first);
    return notices.map((notice) => new HealthNoticeType(notice));
  }
}
