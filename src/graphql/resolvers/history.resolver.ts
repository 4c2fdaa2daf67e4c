import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { readMoment, readSpan } from '../arguments.js';
import { throwForCaller } from '../asked-lines.js';
import type { Context } from '../context.js';
import { Costs, objects, ReadsCycles } from '../field-traits.js';
import { MomentText, SpanText } from '../scalars.js';
import { GapType, HistoryExtentType } from '../types/history.js';

/** How many gaps one answer has at most. */
const MOST_GAPS = 500;
/** A month of them. Their times alone are read: 2 µs a turn from sealed blocks, 6 from documents. */
const MOST_TURNS = 324_000;

/** It waits for a place as all that reads history does. */
const ONE = () => 1;

/** What there is of the past, and where something is missing. Skips and sealing change it without a turn. */
@Resolver()
export class HistoryResolver {
  @ReadsCycles(ONE)
  @Query(() => HistoryExtentType, {
    nullable: true,
    description: 'What is stored: from when to when, how much, and what of it is sealed.',
  })
  async history(@Ctx() { services }: Context): Promise<HistoryExtentType> {
    return new HistoryExtentType(await services.extent.read());
  }

  @ReadsCycles(ONE)
  @Costs(() => objects(MOST_GAPS))
  @Query(() => [GapType], {
    nullable: true,
    description: `Where time is missing between stored turns, or goes back, in the order of turns, and why: all that the range touches, ${MOST_GAPS} at most.`,
  })
  async gaps(
    @Ctx() { services, pace }: Context,
    @Arg('from', () => MomentText, { description: 'Where the range begins, by observedAt.' })
    from: string,
    @Arg('to', () => MomentText, {
      defaultValue: 'now',
      description: 'Where it ends: not within it.',
    })
    to: string,
    @Arg('longerThan', () => SpanText, {
      nullable: true,
      description: 'Only gaps longer than that; without it, all.',
    })
    longerThan: string | null | undefined,
  ): Promise<GapType[]> {
    const request = {
      from: readMoment(from, 'from'),
      to: readMoment(to, 'to'),
      longerThan: typeof longerThan === 'string' ? readSpan(longerThan, 'longerThan') : null,
    };
    const limits = { turns: MOST_TURNS, gaps: MOST_GAPS };
    const gaps = await services.gaps.read(request, limits, pace).catch(throwForCaller);
    return gaps.map((gap) => new GapType(gap));
  }
}
