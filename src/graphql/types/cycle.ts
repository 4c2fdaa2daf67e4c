import { Arg, Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { Consistency } from '../../domain/consistency.js';
import type { CycleFigures, ExchangeKind } from '../../domain/cycle.js';
import { price, quantOf } from '../../domain/asset-figures.js';
import { MATRIX_KINDS, type Matrix, type MatrixKind } from '../../domain/matrix.js';
import { totalOf } from '../../domain/wallet.js';
import { MissingCycle } from '../../history/stored-cycle.js';
import { assetIndexes } from '../arguments.js';
import type { Context } from '../context.js';
import { ExchangeKindEnum, MatrixKindEnum } from '../enums.js';
import { badUserInput } from '../errors.js';
import { atPace } from '../paced.js';
import type { Loaders } from '../loaders.js';
import { DateTime, Decimal } from '../scalars.js';
import { MatrixType } from './matrix.js';
import { NodeInterface } from './node.js';
import { StrategyAuxType, StrategyConfigType } from './strategy.js';
import { pricingAsset, WalletType } from './wallet.js';

const LARGEST_INT = 2 ** 31 - 1;

@ObjectType('Asset', { description: 'An asset of the universe at one turn.' })
export class AssetType {
  readonly #figures: CycleFigures;
  readonly #index: number;

  constructor(figures: CycleFigures, index: number) {
    this.#figures = figures;
    this.#index = index;
  }

  @Field(() => String, { description: "The exchange's short name of the asset, for example BTC." })
  get symbol(): string {
    return this.#figures.cycle.universe[this.#index] as string;
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'How it moved in 24 h against the mean of all others, in percent: 100 * (exp(mean of ln(B/A) over the other assets) - 1); null without any rate.',
  })
  get strength(): number | null {
    return this.#figures.strengths[this.#index] ?? null;
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'The mean of its QUANTID row, smoothed over the turns by the tier; without unit, in [-1, 1]; null without any rate.',
  })
  get quant(): number | null {
    return quantOf(this.#figures.cycle.quants, this.symbol);
  }

  @Field(() => Decimal, {
    nullable: true,
    description: 'Free and locked together, in units of the asset, exact; null where none is held.',
  })
  get balance(): string | null {
    const { balances } = this.#figures.cycle.holdings;
    const held = balances.find(({ asset }) => asset === this.symbol);
    return held ? totalOf(held) : null;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'The price of one unit, in units of `in`; null where there is no path.',
  })
  price(
    @Arg('in', () => String, {
      nullable: true,
      description: "An asset of the universe; without it, the cycle's quant base.",
    })
    quote: string | null | undefined,
  ): number | null {
    const asset = pricingAsset(this.#figures, quote);
    return price(this.#figures.matrix('ID_BENCHMARK'), this.symbol, asset);
  }
}

@ObjectType('Consistency', {
  description:
    'How far the market, or our frame of it, is from one price: each listed pair against the best two legs beside it, 1e4 * abs(ln(direct) - ln(synthetic)). All null where there is no such pair.',
})
export class ConsistencyType implements Consistency {
  @Field(() => Float, { nullable: true, description: 'The median, in basis points.' })
  readonly medianBps!: number | null;

  @Field(() => Float, { nullable: true, description: 'The largest, in basis points.' })
  readonly maxBps!: number | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'The symbols of the pair with the largest difference and of the two legs beside it.',
  })
  readonly worst!: [string, string, string] | null;

  constructor(consistency: Consistency) {
    Object.assign(this, consistency);
  }
}

@ObjectType('Cycle', {
  implements: NodeInterface,
  description: 'One completed turn: what the exchange said, and what follows from it.',
})
export class CycleType extends NodeInterface {
  readonly typename = 'Cycle';
  readonly #figures: CycleFigures;
  readonly #loaders: Loaders;

  constructor(figures: CycleFigures, loaders: Loaders) {
    super();
    this.#figures = figures;
    this.#loaders = loaders;
  }

  protected override get key(): number {
    return this.turn;
  }

  @Field(() => Int, { description: 'Counts 1, 2, 3, … without a gap; never used twice.' })
  get turn(): number {
    return this.#figures.cycle.turn;
  }

  @Field(() => DateTime, { description: "When the turn began, by this server's clock." })
  get startedAt(): Date {
    return new Date(this.#figures.cycle.startedAt);
  }

  @Field(() => DateTime, {
    description:
      "The exchange's clock when its last prices were received; in a replay, the recording's time.",
  })
  get observedAt(): Date {
    return new Date(this.#figures.cycle.frame.observedAt);
  }

  @Field(() => DateTime, {
    description: "When the figures were complete and about to be stored, by this server's clock.",
  })
  get completedAt(): Date {
    return new Date(this.#figures.cycle.completedAt);
  }

  @Field(() => Float, {
    description: 'The age from which a cell of this cycle counts as stale, in milliseconds.',
  })
  get staleAfterMs(): number {
    return this.#figures.cycle.staleAfterMs;
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'The stored turn before this one, against which ID_PCT, shift and grt are taken; null at a first turn.',
  })
  get previousTurn(): number | null {
    return this.#figures.cycle.previousTurn;
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'From the observedAt of the previous turn to this one, in milliseconds; null beyond what an Int holds (24 days).',
  })
  async msSincePreviousTurn(): Promise<number | null> {
    const previous = await this.#previous();
    if (previous === null) return null;
    const elapsed = this.#figures.cycle.frame.observedAt - previous.cycle.frame.observedAt;
    return Math.abs(elapsed) <= LARGEST_INT ? elapsed : null;
  }

  @Field(() => ExchangeKindEnum, { description: 'Where the prices come from.' })
  get exchange(): ExchangeKind {
    return this.#figures.cycle.exchange;
  }

  @Field(() => [String], { description: 'The universe: the assets, in matrix order.' })
  get symbols(): readonly string[] {
    return this.#figures.cycle.universe;
  }

  @Field(() => [AssetType], { description: 'The assets, in matrix order.' })
  async assets(@Ctx() { pace }: Context): Promise<Iterable<AssetType | Promise<AssetType>>> {
    await pace.next();
    const assets = this.symbols.map((_, index) => new AssetType(this.#figures, index));
    return atPace(assets, pace);
  }

  @Field(() => MatrixType, {
    nullable: true,
    description: 'One matrix, whole or in part. Assets must be of the universe, each once.',
  })
  async matrix(
    @Arg('kind', () => MatrixKindEnum, { description: 'Which of the five.' }) kind: MatrixKind,
    @Arg('bases', () => [String], {
      nullable: true,
      description: 'The rows, in this order; without it, the universe.',
    })
    bases: string[] | null | undefined,
    @Arg('quotes', () => [String], {
      nullable: true,
      description: 'The columns, in this order; without it, the universe.',
    })
    quotes: string[] | null | undefined,
  ): Promise<MatrixType> {
    const { universe } = this.#figures.cycle;
    const rows = assetIndexes(universe, bases, 'bases');
    const columns = assetIndexes(universe, quotes, 'quotes');
    return new MatrixType(this.#figures, await this.#matrix(kind), rows, columns);
  }

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
    const all = assetIndexes(this.#figures.cycle.universe, null, 'kinds');
    const matrices: (MatrixType | Error)[] = [];
    for (const kind of asked) {
      if (pace.isSpent) await pace.next();
      matrices.push(
        await this.#matrix(kind).then(
          (matrix) => new MatrixType(this.#figures, matrix, all, all),
          (error: Error) => error,
        ),
      );
    }
    return matrices;
  }

  @Field(() => WalletType, { nullable: true, description: 'What was held, and what it was worth.' })
  get wallet(): WalletType {
    return new WalletType(this.#figures);
  }

  @Field(() => StrategyAuxType, { description: 'The strategy figures of this turn.' })
  get aux(): StrategyAuxType {
    return new StrategyAuxType(this.#figures.cycle.aux);
  }

  @Field(() => StrategyConfigType, { description: 'The settings that this cycle ran under.' })
  get config(): StrategyConfigType {
    return new StrategyConfigType(this.#figures.cycle.config);
  }

  @Field(() => ConsistencyType, {
    description: 'How far the frame is from one price for each pair.',
  })
  get consistency(): ConsistencyType {
    return new ConsistencyType(this.#figures.consistency);
  }

  async #matrix(kind: MatrixKind): Promise<Matrix> {
    return kind === 'ID_PCT'
      ? this.#figures.percentChange(await this.#previous())
      : this.#figures.matrix(kind);
  }

  /** @throws where there is a turn before and its cycle cannot be had */
  async #previous(): Promise<CycleFigures | null> {
    const { turn, previousTurn } = this.#figures.cycle;
    if (previousTurn === null) return null;
    const previous = await this.#loaders.previous.load(previousTurn);
    if (previous === null) throw new MissingCycle(previousTurn, turn);
    return previous;
  }
}
