import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { MOST_ATTRIBUTED } from '../../history/attribution-reader.js';
import { readEvery, readMoment } from '../arguments.js';
import type { Context } from '../context.js';
import { ByTurn, Costs, objects, ReadsCycles } from '../field-traits.js';
import { OfNamedRange, readToEnd } from '../named-range.js';
import { MomentText, SpanText } from '../scalars.js';
import { AttributionType } from '../types/attribution.js';

/** Where the wallet's money came from. */
@Resolver()
export class AttributionResolver {
  @ByTurn()
  @OfNamedRange
  // It waits for a place as all that reads history does; what it reads is counted once the range is known.
  @ReadsCycles(() => 1)
  @Costs(({ every }, { universeSize }) => ({
    ...objects(1 + universeSize),
    cells: typeof every === 'string' ? MOST_ATTRIBUTED : 1,
  }))
  @Query(() => AttributionType, {
    nullable: true,
    description:
      'What made the value of the wallet change over a range of time, for each asset held: what the market did, what came, went or was traded, and what had no price. Null where no cycle is stored by its end.',
  })
  async walletAttribution(
    @Ctx() context: Context,
    @Arg('from', () => MomentText, {
      description: 'Where the range begins, by observedAt: with the last turn at or before it.',
    })
    from: string,
    @Arg('to', () => MomentText, {
      defaultValue: 'now',
      description: 'Where it ends: not within it.',
    })
    to: string,
    @Arg('in', () => String, {
      nullable: true,
      description:
        'The asset that values are in; without it, the quant base of the newest turn in the range.',
    })
    asked: string | null | undefined,
    @Arg('every', () => SpanText, {
      nullable: true,
      description: `How long a bucket is, or "turn": at most ${MOST_ATTRIBUTED} of them, and the range is widened to whole ones. Without it, all of the range is one.`,
    })
    every: string | null | undefined,
  ): Promise<AttributionType | null> {
    const request = {
      in: asked ?? null,
      from: readMoment(from, 'from'),
      to: readMoment(to, 'to'),
      every: every === null || every === undefined ? null : readEvery(every, 'every'),
    };
    const { services, pace } = context;
    const data = await readToEnd(context, services.attribution.read(request, pace));
    return data && new AttributionType(data);
  }
}
