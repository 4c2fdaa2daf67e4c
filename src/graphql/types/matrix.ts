import { Arg, Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import type { Matrix, MatrixUnit } from '../../domain/matrix.js';
import { cellAt } from '../../domain/pair-table.js';
import { rateAge } from '../../domain/rates/provenance.js';
import type { RateSource } from '../../domain/rates/rates.js';
import type { Context } from '../context.js';
import { MatrixKindEnum, MatrixUnitEnum, RateSourceEnum } from '../enums.js';
import { Costs, FEW, TABLE, values } from '../field-traits.js';
import { assetIndex } from '../arguments.js';
import { MatrixValues } from '../matrix-text.js';
import { Digits, readDigits } from '../round.js';
import { FloatMatrix } from '../scalars.js';

@ObjectType('MatrixCell', { description: 'One cell of a matrix, with where it comes from.' })
export class MatrixCellType {
  readonly #figures: CycleFigures;
  readonly #matrix: Matrix;
  readonly #i: number;
  readonly #j: number;

  constructor(figures: CycleFigures, matrix: Matrix, i: number, j: number) {
    this.#figures = figures;
    this.#matrix = matrix;
    this.#i = i;
    this.#j = j;
  }

  @Field(() => String, { description: 'The base asset: the row.' })
  get base(): string {
    return this.#matrix.universe[this.#i] as string;
  }

  @Field(() => String, { description: 'The quote asset: the column.' })
  get quote(): string {
    return this.#matrix.universe[this.#j] as string;
  }

  @Field(() => Float, {
    nullable: true,
    description: "The cell, in the matrix's unit; null where there is no value.",
  })
  get value(): number | null {
    return cellAt(this.#matrix, this.#i, this.#j);
  }

  @Field(() => RateSourceEnum, {
    nullable: true,
    description: 'How the rate behind the cell was found; null where there is no path.',
  })
  get source(): RateSource | null {
    return this.#figures.rates.source(this.#i, this.#j);
  }

  @Costs(FEW)
  @Field(() => [String], {
    description:
      'The symbols of the legs, from base to quote; empty on the diagonal and where there is no path.',
  })
  get path(): string[] {
    return this.#figures.rates.path(this.#i, this.#j).map(({ symbol }) => symbol);
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'Age of the oldest leg against observedAt, in milliseconds, at least 0; 0 on the diagonal, null where there is no path.',
  })
  get ageMs(): number | null {
    return rateAge(this.#figures.rates, this.#figures.cycle.frame.observedAt, this.#i, this.#j);
  }

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether ageMs is over STALE_AFTER_MS; null where there is no path.',
  })
  get stale(): boolean | null {
    const age = this.ageMs;
    return age === null ? null : age > this.#figures.cycle.staleAfterMs;
  }
}

@ObjectType('Matrix', {
  description: 'A matrix over assets: rows are bases, columns are quotes.',
})
export class MatrixType {
  readonly #figures: CycleFigures;
  readonly #matrix: Matrix;
  readonly #rows: readonly number[];
  readonly #columns: readonly number[];

  @Field(() => Int, {
    nullable: true,
    description:
      'The turn that this one is held against: of `compare` the other one, of a matrix `over` a span the one that long ago. Null elsewhere, and where there is no such turn.',
  })
  readonly against: number | null;

  /** `rows` and `columns` are positions in the matrix's universe. */
  constructor(
    figures: CycleFigures,
    matrix: Matrix,
    rows: readonly number[],
    columns: readonly number[],
    against: number | null = null,
  ) {
    this.#figures = figures;
    this.#matrix = matrix;
    this.#rows = rows;
    this.#columns = columns;
    this.against = against;
  }

  @Field(() => MatrixKindEnum, { description: 'Which of the five matrices this is.' })
  get kind(): keyof typeof MatrixKindEnum {
    return this.#matrix.kind;
  }

  @Field(() => MatrixUnitEnum, { description: 'The unit of the cells.' })
  get unit(): MatrixUnit {
    return this.#matrix.unit;
  }

  @Costs((_args, { universeSize }) => values(universeSize))
  @Field(() => [String], { description: 'The base assets, in the order of the rows.' })
  get bases(): string[] {
    return this.#rows.map((i) => this.#matrix.universe[i] as string);
  }

  @Costs((_args, { universeSize }) => values(universeSize))
  @Field(() => [String], { description: 'The quote assets, in the order of the columns.' })
  get quotes(): string[] {
    return this.#columns.map((j) => this.#matrix.universe[j] as string);
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'QUANTID: the largest abs(k) off the diagonal of the whole universe, by which its cells are divided; without unit. Null for the other kinds.',
  })
  get scale(): number | null {
    return this.#matrix.scale;
  }

  @Costs(TABLE)
  @Field(() => FloatMatrix, {
    description:
      "The cells, in the matrix's unit: rows follow bases, columns follow quotes; null where there is no value.",
  })
  values(
    @Digits() digits: number | null | undefined,
    @Ctx() { pace }: Context,
  ): MatrixValues | Promise<MatrixValues> {
    const asked = readDigits(digits);
    return new MatrixValues(this.#matrix, this.#rows, this.#columns, asked).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatMatrix, {
    description:
      'The age of each cell in milliseconds, as in MatrixCell.ageMs: rows follow bases, columns follow quotes; null where there is no path.',
  })
  async ages(@Ctx() { pace }: Context): Promise<MatrixValues> {
    await pace.next();
    const { ages } = this.#figures.provenance;
    return new MatrixValues(ages, this.#rows, this.#columns, null).prepared(pace);
  }

  @Costs(TABLE)
  @Field(() => FloatMatrix, {
    description:
      'How many listed pairs the rate behind each cell is made of: 0 on the diagonal, 1 for a listed pair either way, 2 or more for a cross rate; rows follow bases, columns follow quotes; null where there is no path.',
  })
  async legs(@Ctx() { pace }: Context): Promise<MatrixValues> {
    await pace.next();
    const { legs } = this.#figures.provenance;
    return new MatrixValues(legs, this.#rows, this.#columns, null).prepared(pace);
  }

  @Field(() => MatrixCellType, {
    nullable: true,
    description:
      'One cell with its source, path and age, those of the cycle itself. Both assets must be of the universe.',
  })
  cell(
    @Arg('base', () => String, { description: 'The base asset.' }) base: string,
    @Arg('quote', () => String, { description: 'The quote asset.' }) quote: string,
  ): MatrixCellType {
    const i = assetIndex(this.#matrix.universe, base, 'base');
    const j = assetIndex(this.#matrix.universe, quote, 'quote');
    return new MatrixCellType(this.#figures, this.#matrix, i, j);
  }
}
