import { Ctx, Field, ObjectType } from 'type-graphql';
import type { PairTable } from '../../domain/pair-table.js';
import type { WindowKind } from '../../domain/window/window-matrix.js';
import type { WindowMatrices } from '../../history/window-reader.js';
import type { Context } from '../context.js';
import { WindowKindEnum } from '../enums.js';
import { Costs, TABLE, values } from '../field-traits.js';
import { MatrixValues } from '../matrix-text.js';
import { Digits, readDigits } from '../round.js';
import { FloatMatrix } from '../scalars.js';

/** What is shown of a window. */
interface Shown {
  readonly matrices: WindowMatrices;
  readonly kind: WindowKind;
  readonly numeraire: string;
  /** Positions in the universe. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

@ObjectType('WindowMatrix', {
  description:
    'A matrix over the returns of a window, all assets priced in one: rows are bases, columns are quotes.',
})
export class WindowMatrixType {
  readonly #shown: Shown;

  @Field(() => WindowKindEnum, { description: 'What was made of the returns.' })
  readonly kind: WindowKind;

  @Field(() => String, { description: 'The asset that all are priced in.' })
  readonly in: string;

  constructor(shown: Shown) {
    this.#shown = shown;
    this.kind = shown.kind;
    this.in = shown.numeraire;
  }

  @Costs((_args, { universeSize }) => values(universeSize))
  @Field(() => [String], { description: 'The base assets, in the order of the rows.' })
  get bases(): string[] {
    return this.#named(this.#shown.rows);
  }

  @Costs((_args, { universeSize }) => values(universeSize))
  @Field(() => [String], { description: 'The quote assets, in the order of the columns.' })
  get quotes(): string[] {
    return this.#named(this.#shown.columns);
  }

  @Costs(TABLE)
  @Field(() => FloatMatrix, {
    description:
      'The cells, without unit: rows follow bases, columns follow quotes; null where there is no value.',
  })
  values(
    @Digits() digits: number | null | undefined,
    @Ctx() context: Context,
  ): MatrixValues | Promise<MatrixValues> {
    const table = this.#shown.matrices.values[this.kind];
    return this.#table(table, readDigits(digits), context);
  }

  @Costs(TABLE)
  @Field(() => FloatMatrix, {
    description: 'Of how many buckets with a return of both assets each cell is made.',
  })
  counts(@Ctx() context: Context): MatrixValues | Promise<MatrixValues> {
    return this.#table(this.#shown.matrices.counts, null, context);
  }

  @Costs(TABLE)
  @Field(() => FloatMatrix, {
    description:
      "Of these, at how many the rate of either asset was stale at the bucket's last turn with one.",
  })
  staleCounts(@Ctx() context: Context): MatrixValues | Promise<MatrixValues> {
    return this.#table(this.#shown.matrices.staleCounts, null, context);
  }

  #named(positions: readonly number[]): string[] {
    const { universe } = this.#shown.matrices.counts;
    return positions.map((position) => universe[position] as string);
  }

  #table(
    table: PairTable,
    digits: number | null,
    { pace }: Context,
  ): MatrixValues | Promise<MatrixValues> {
    const { rows, columns } = this.#shown;
    return new MatrixValues(table, rows, columns, digits).prepared(pace);
  }
}
