import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import type { Line } from '../../domain/series/line.js';
import type { WindowKind } from '../../domain/window/window-matrix.js';
import { checkCells, MOST_LINES } from '../asked-lines.js';
import type { Context } from '../context.js';
import { WindowKindEnum } from '../enums.js';
import { ByTurn, Costs, lengthOf, ReadsCycles } from '../field-traits.js';
import { OfNamedRange } from '../named-range.js';
import { inDescription, linesOf, ONE, pointsOf, readLines } from '../series-fields.js';
import { RangeArguments } from '../types/range.js';
import { CellInput } from '../types/series-input.js';
import { SeriesType } from '../types/series.js';
import { costOfWindows, readLag, readStep, WindowStepArguments } from '../window-arguments.js';

/** What cycles saw of the turns before them, over a range of time. */
@Resolver()
export class WindowSeriesResolver {
  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args) => {
    const lines = lengthOf(args['cells'], 1);
    return { ...linesOf(lines, pointsOf(args)), values: costOfWindows(args, lines) };
  })
  @Query(() => SeriesType, {
    nullable: true,
    description: `Cells of a matrix over a window, over a range of time, 1 to ${MOST_LINES}. A value at a turn is what cycle(turn:) answers to windowMatrix with the same kind, in, over and lag, and step as its every. values(of: LAST) takes one window a bucket, all else every window that closes in the range.`,
  })
  async windowSeries(
    @Ctx() context: Context,
    @Args(() => RangeArguments) range: RangeArguments,
    @Args(() => WindowStepArguments) { over, step, lag }: WindowStepArguments,
    @Arg('cells', () => [CellInput], { description: 'Which, each once.' }) cells: CellInput[],
    @Arg('kind', () => WindowKindEnum, { description: 'What is made of the returns.' })
    kind: WindowKind,
    @Arg('in', () => String, {
      nullable: true,
      description: `What all are priced in. ${inDescription}`,
    })
    pricedIn: string | null | undefined,
  ): Promise<SeriesType> {
    checkCells(cells);
    const window = { ...readStep({ over, step }), lag: readLag(lag), in: pricedIn ?? null };
    const lines = cells.map(({ base, quote }): Line => {
      return { kind: 'WINDOW', window: kind, base, quote, ...window };
    });
    return new SeriesType(await readLines(lines, range, context));
  }
}
