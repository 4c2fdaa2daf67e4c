import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import type { Cycle } from '../../domain/cycle.js';
import type { MatrixKind } from '../../domain/matrix.js';
import {
  CONSISTENCY_FIGURES,
  type AssetFigure,
  type Line,
  type StrategyFigure,
} from '../../domain/series/line.js';
import { MOST_POINTS } from '../../domain/series/range.js';
import { assetLine, cellLines, counted, MOST_LINES, pricedAt } from '../asked-lines.js';
import type { Context } from '../context.js';
import { MatrixKindEnum } from '../enums.js';
import { AssetFigureEnum, StrategyFigureEnum } from '../series-enums.js';
import { badUserInput } from '../errors.js';
import { ByTurn, Costs, lengthOf, ReadsCycles } from '../field-traits.js';
import { OfNamedRange } from '../named-range.js';
import { MomentText, SpanText } from '../scalars.js';
import { inDescription, linesOf, ONE, pointsOf, readLines } from '../series-fields.js';
import { PriceArguments, readTrade } from '../trade-arguments.js';
import { CandleSeriesType } from '../types/candles.js';
import { RangeArguments } from '../types/range.js';
import { CellInput } from '../types/series-input.js';
import { SeriesType } from '../types/series.js';
import { costOfWindows, OVER_DESCRIPTION, STEP_DESCRIPTION } from '../window-arguments.js';

/** The past, as lines over a range of time. */
@Resolver()
export class SeriesResolver {
  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args) => linesOf(lengthOf(args['cells'], 1), pointsOf(args)))
  @Query(() => SeriesType, {
    nullable: true,
    description: `Cells of a matrix over a range of time, 1 to ${MOST_LINES}. A value at a turn is what cycle(turn:) answers. \`price\` another than LAST goes with ID_BENCHMARK.`,
  })
  async series(
    @Ctx() context: Context,
    @Args(() => RangeArguments) range: RangeArguments,
    @Args(() => PriceArguments) prices: PriceArguments,
    @Arg('cells', () => [CellInput], { description: 'Which, each once.' }) cells: CellInput[],
    @Arg('kind', () => MatrixKindEnum, {
      defaultValue: 'ID_BENCHMARK',
      description: 'Of which of the five matrices.',
    })
    kind: MatrixKind,
  ): Promise<SeriesType> {
    return new SeriesType(await readLines(cellLines(cells, kind, prices), range, context));
  }

  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args) => {
    const lines = lengthOf(args['assets'], 1);
    const cost = linesOf(lines, pointsOf(args));
    return args['figure'] === 'VOLATILITY' ? { ...cost, values: costOfWindows(args, lines) } : cost;
  })
  @Query(() => SeriesType, {
    nullable: true,
    description: `A figure of assets over a range of time, 1 to ${MOST_LINES} of them. A value at a turn is what the asset of cycle(turn:) answers.`,
  })
  async assetSeries(
    @Ctx() context: Context,
    @Args(() => RangeArguments) range: RangeArguments,
    @Arg('assets', () => [String], { description: 'Which, each once.' }) assets: string[],
    @Arg('figure', () => AssetFigureEnum, { description: 'Which figure.' }) figure: AssetFigure,
    @Arg('in', () => String, {
      nullable: true,
      description: `PRICE and VOLATILITY: ${inDescription}`,
    })
    priceIn: string | null | undefined,
    @Arg('over', () => SpanText, {
      nullable: true,
      description: `VOLATILITY, and only it: ${OVER_DESCRIPTION}`,
    })
    over: string | null | undefined,
    @Arg('step', () => SpanText, {
      nullable: true,
      description: `VOLATILITY, and only it: ${STEP_DESCRIPTION}`,
    })
    step: string | null | undefined,
  ): Promise<SeriesType> {
    const lineOf = assetLine(figure, { in: priceIn, over, step });
    const lines = counted(assets, 'assets').map(lineOf);
    return new SeriesType(await readLines(lines, range, context));
  }

  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args, { universeSize }) =>
    linesOf(args['byAsset'] === true ? 1 + Math.min(MOST_LINES, universeSize) : 1, pointsOf(args)),
  )
  @Query(() => SeriesType, {
    nullable: true,
    description: `What the wallet was worth over a range of time: the whole first, then, where that is asked for, each balance that it holds at the newest turn in the range, ${MOST_LINES} at most.`,
  })
  async walletSeries(
    @Ctx() context: Context,
    @Args(() => RangeArguments) range: RangeArguments,
    @Args(() => PriceArguments) prices: PriceArguments,
    @Arg('in', () => String, { nullable: true, description: inDescription })
    worthIn: string | null | undefined,
    @Arg('byAsset', () => Boolean, {
      defaultValue: false,
      description: 'Whether there is a line for each balance too.',
    })
    byAsset: boolean,
  ): Promise<SeriesType> {
    const whole: Line = { kind: 'WALLET', in: worthIn ?? null, ...pricedAt(readTrade(prices)) };
    const lines = (newest: Cycle | null): Line[] => {
      if (!byAsset || newest === null) return [whole];
      const { balances } = newest.holdings;
      const held = balances.map(({ asset }): Line => ({ ...whole, kind: 'BALANCE', asset }));
      return [whole, ...held.slice(0, MOST_LINES)];
    };
    return new SeriesType(await readLines(lines, range, context));
  }

  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args) => linesOf(lengthOf(args['figures'], 1), pointsOf(args)))
  @Query(() => SeriesType, {
    nullable: true,
    description: "The strategy's figures over a range of time, as StrategyAux has them.",
  })
  async strategySeries(
    @Ctx() context: Context,
    @Args(() => RangeArguments) range: RangeArguments,
    @Arg('figures', () => [StrategyFigureEnum], { description: 'Which, each once.' })
    figures: StrategyFigure[],
  ): Promise<SeriesType> {
    const lines = counted(figures, 'figures').map((figure): Line => ({ kind: 'STRATEGY', figure }));
    return new SeriesType(await readLines(lines, range, context));
  }

  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args) => linesOf(CONSISTENCY_FIGURES.length, pointsOf(args)))
  @Query(() => SeriesType, {
    nullable: true,
    description:
      'How far frames were from one price for each pair, over a range of time: median and largest, basis points.',
  })
  async consistencySeries(
    @Ctx() context: Context,
    @Args(() => RangeArguments) range: RangeArguments,
  ): Promise<SeriesType> {
    const lines = CONSISTENCY_FIGURES.map((figure): Line => ({ kind: 'CONSISTENCY', figure }));
    return new SeriesType(await readLines(lines, range, context));
  }

  @ByTurn()
  @OfNamedRange
  @ReadsCycles(ONE)
  @Costs((args) => linesOf(lengthOf(args['cells'], 1), MOST_POINTS / 10))
  @Query(() => CandleSeriesType, {
    nullable: true,
    description: `Candles of rates over a range of time, of 1 to ${MOST_LINES} cells; those of a cross rate are its own, turn by turn.`,
  })
  async candles(
    @Ctx() context: Context,
    @Args(() => PriceArguments) prices: PriceArguments,
    @Arg('cells', () => [CellInput], { description: 'Which, each once.' }) cells: CellInput[],
    @Arg('every', () => SpanText, { description: 'How long a bucket is; not "turn".' })
    every: string,
    @Arg('from', () => MomentText, { description: 'Where the range begins, by observedAt.' })
    from: string,
    @Arg('to', () => MomentText, {
      defaultValue: 'now',
      description: 'Where it ends: not within it.',
    })
    to: string,
  ): Promise<CandleSeriesType> {
    if (every === 'turn') throw badUserInput('every', 'expected a span, not turn');
    const range = { from, to, every, maxPoints: MOST_POINTS };
    const lines = cellLines(cells, 'ID_BENCHMARK', prices);
    return new CandleSeriesType(await readLines(lines, range, context));
  }
}
