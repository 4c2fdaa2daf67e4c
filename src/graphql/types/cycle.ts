import { Arg, Args, Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { CycleFigures, ExchangeKind } from '../../domain/cycle.js';
import { isLookBack, MATRIX_KINDS, type Matrix, type MatrixKind } from '../../domain/matrix.js';
import { assetIndexes, readSpan } from '../arguments.js';
import { CellArguments, cellsAsked, readCells } from '../cell-arguments.js';
import type { Context } from '../context.js';
import { ExchangeKindEnum, MatrixKindEnum } from '../enums.js';
import { badUserInput } from '../errors.js';
import { Costs, Derived, lengthOf, objects, ReadsCycles, values } from '../field-traits.js';
import { atPace } from '../paced.js';
import { cycleOfSpanAgo, matrixAtTurn, previousOf, type Loaders } from '../loaders.js';
import { DateTime, SpanText } from '../scalars.js';
import { PriceArguments, readTradeOf } from '../trade-arguments.js';
import { AssetType } from './asset.js';
import { ConsistencyType } from './consistency.js';
import { MatrixType } from './matrix.js';
import { NodeInterface } from './node.js';
import { StrategyAuxType, StrategyConfigType } from './strategy.js';
import { WalletType } from './wallet.js';

const LARGEST_INT = 2 ** 31 - 1;

@ObjectType('Cycle', {
  implements: NodeInterface,
  description: 'One completed turn: what the exchange said, and what follows from it.',
})
export class CycleType extends NodeInterface {
  readonly typename = 'Cycle';
  constructor(
    readonly figures: CycleFigures,
    readonly loaders: Loaders,
  ) {
    super();
  }

  protected override get key(): number {
    return this.turn;
  }

  @Field(() => Int, { description: 'Counts 1, 2, 3, … without a gap; never used twice.' })
  get turn(): number {
    return this.figures.cycle.turn;
  }

  @Field(() => DateTime, { description: "When the turn began, by this server's clock." })
  get startedAt(): Date {
    return new Date(this.figures.cycle.startedAt);
  }

  @Field(() => DateTime, {
    description:
      "The exchange's clock when its last prices were received; in a replay, the recording's time.",
  })
  get observedAt(): Date {
    return new Date(this.figures.cycle.frame.observedAt);
  }

  @Field(() => DateTime, {
    description: "When the figures were complete and about to be stored, by this server's clock.",
  })
  get completedAt(): Date {
    return new Date(this.figures.cycle.completedAt);
  }

  @Field(() => Float, {
    description: 'The age from which a cell of this cycle counts as stale, in milliseconds.',
  })
  get staleAfterMs(): number {
    return this.figures.cycle.staleAfterMs;
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'How far apart turns were to be observed, in milliseconds: the CYCLE_INTERVAL_MS in force, in a replay the median step of the recording (more where it is played faster than that); null where the cycle was stored by a version that did not store it.',
  })
  get intervalMs(): number | null {
    return this.figures.cycle.intervalMs;
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'The stored turn before this one, against which ID_PCT, shift and grt are taken; null at a first turn.',
  })
  get previousTurn(): number | null {
    return this.figures.cycle.previousTurn;
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'From the observedAt of the previous turn to this one, in milliseconds; null beyond what an Int holds (24 days).',
  })
  async msSincePreviousTurn(): Promise<number | null> {
    const previous = await this.#previous();
    if (previous === null) return null;
    const elapsed = this.figures.cycle.frame.observedAt - previous.cycle.frame.observedAt;
    return Math.abs(elapsed) <= LARGEST_INT ? elapsed : null;
  }

  @Field(() => ExchangeKindEnum, { description: 'Where the prices come from.' })
  get exchange(): ExchangeKind {
    return this.figures.cycle.exchange;
  }

  @Costs((_args, { universeSize }) => values(universeSize))
  @Field(() => [String], { description: 'The universe: the assets, in matrix order.' })
  get symbols(): readonly string[] {
    return this.figures.cycle.universe;
  }

  @Costs((_args, { universeSize }) => objects(universeSize))
  @Field(() => [AssetType], { description: 'The assets, in matrix order.' })
  async assets(@Ctx() { pace }: Context): Promise<Iterable<AssetType | Promise<AssetType>>> {
    await pace.next();
    const assets = this.symbols.map((_, index) => new AssetType(this.figures, index, this.loaders));
    return atPace(assets, pace);
  }

  @Derived()
  @ReadsCycles(({ over }) => (typeof over === 'string' ? 1 : 0))
  @Costs(({ price, ...cells }, place) => ({
    ...objects(1),
    // Rates to trade at are worked out for the whole universe; a value takes some ten times longer to write.
    values: price === 'MID' || price === 'TAKE' ? 1 + Math.ceil(place.universeSize ** 2 / 10) : 1,
    cells: cellsAsked(cells, place),
  }))
  @Field(() => MatrixType, {
    nullable: true,
    description:
      "One matrix, whole or in part. Assets must be of the universe, each once. `over` a span: against the rates of our own frames that long ago, those of the turn `against`, instead of the exchange's of 24 h ago. `price` another than LAST: ID_BENCHMARK at prices to trade at, of the top of the book, without depth.",
  })
  async matrix(
    @Arg('kind', () => MatrixKindEnum, { description: 'Which of the five.' }) kind: MatrixKind,
    @Args(() => CellArguments) cells: CellArguments,
    @Arg('over', () => SpanText, {
      nullable: true,
      description:
        'ID_DELTA, ID_PERCENT and QUANTID: against the last turn before that was observed so long ago or earlier. Null throughout where there is none, or where it is more than 1.5 times as long ago.',
    })
    over: string | null | undefined,
    @Args(() => PriceArguments) prices: PriceArguments,
  ): Promise<MatrixType> {
    const { universe } = this.figures.cycle;
    const { rows, columns } = readCells(cells, universe);
    const trade = readTradeOf(kind, prices);
    if (over === null || over === undefined) {
      const matrix = trade ? this.figures.benchmarkAt(trade) : await this.#matrix(kind);
      return new MatrixType(this.figures, matrix, rows, columns);
    }
    const span = readSpan(over, 'over');
    if (!isLookBack(kind)) {
      const kinds = MATRIX_KINDS.filter(isLookBack).join(', ');
      throw badUserInput('over', `expected with a kind that looks back, ${kinds}, not ${kind}`);
    }
    const earlier = await cycleOfSpanAgo(this.figures, span, this.loaders);
    const matrix = this.figures.lookBack(earlier).matrix(kind);
    return new MatrixType(this.figures, matrix, rows, columns, earlier?.turn ?? null);
  }

  @Derived()
  @Costs(({ kinds }, { universeSize }) => ({
    ...objects(lengthOf(kinds, MATRIX_KINDS.length)),
    cells: universeSize ** 2,
  }))
  @Field(() => [MatrixType], {
    nullable: 'itemsAndList',
    description:
      'Several whole matrices, in the order asked for; null, with an error that names the turn, for one that the cycle of another turn is needed for, and that cannot be had.',
  })
  async matrices(
    @Arg('kinds', () => [MatrixKindEnum], {
      nullable: true,
      description: 'Which, each once; without it, all five.',
    })
    kinds: MatrixKind[] | null | undefined,
    @Ctx() { pace }: Context,
  ): Promise<(MatrixType | Error)[]> {
    const asked = kinds ?? MATRIX_KINDS;
    if (new Set(asked).size !== asked.length) {
      throw badUserInput('kinds', 'expected each kind once');
    }
    const all = assetIndexes(this.figures.cycle.universe, null, 'kinds');
    const matrices: (MatrixType | Error)[] = [];
    for (const kind of asked) {
      if (pace.isSpent) await pace.next();
      matrices.push(
        await this.#matrix(kind).then(
          (matrix) => new MatrixType(this.figures, matrix, all, all),
          (error: Error) => error,
        ),
      );
    }
    return matrices;
  }

  @Field(() => WalletType, { nullable: true, description: 'What was held, and what it was worth.' })
  get wallet(): WalletType {
    return new WalletType(this.figures);
  }

  @Field(() => StrategyAuxType, { description: 'The strategy figures of this turn.' })
  get aux(): StrategyAuxType {
    return new StrategyAuxType(this.figures.cycle.aux);
  }

  @Field(() => StrategyConfigType, { description: 'The settings that this cycle ran under.' })
  get config(): StrategyConfigType {
    return new StrategyConfigType(this.figures.cycle.config);
  }

  @Derived()
  @Field(() => ConsistencyType, {
    description: 'How far the frame is from one price for each pair.',
  })
  get consistency(): ConsistencyType {
    return new ConsistencyType(this.figures);
  }

  #matrix(kind: MatrixKind): Promise<Matrix> {
    return matrixAtTurn(this.figures, kind, this.loaders);
  }

  #previous(): Promise<CycleFigures | null> {
    return previousOf(this.figures, this.loaders);
  }
}
