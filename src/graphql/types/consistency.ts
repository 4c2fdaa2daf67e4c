import { Arg, Ctx, Field, Float, Int, ObjectType } from 'type-graphql';
import type { CycleFigures } from '../../domain/cycle.js';
import type { Consistency, Triangle } from '../../domain/consistency.js';
import type { Pace } from '../../scheduling/slices.js';
import type { Context } from '../context.js';
import { badUserInput } from '../errors.js';
import { Costs, FEW, numberOf, type CostOf } from '../field-traits.js';
import { atPace } from '../paced.js';

/** How many triangles are listed, and at most. */
const DEFAULT = 20;
const MOST = 1_000;
/** To find all of them takes as long as so many fields for each asset. */
const FIELDS_PER_ASSET = 4;

/** All of them are found, however few are asked for. */
const found =
  (times: (args: Parameters<CostOf>[0]) => number): CostOf =>
  (args, { universeSize }) => ({
    values: 1,
    fields: FIELDS_PER_ASSET * universeSize,
    times: times(args),
  });

@ObjectType('Triangle', {
  description: 'A listed pair against the best two legs beside it, at the last prices.',
})
export class TriangleType implements Triangle {
  @Field(() => String, { description: "The pair's symbol." })
  readonly pair!: string;

  @Field(() => String, { description: 'Its base asset.' })
  readonly base!: string;

  @Field(() => String, { description: 'Its quote asset.' })
  readonly quote!: string;

  @Costs(FEW)
  @Field(() => [String], { description: 'The symbols of the two legs, from base to quote.' })
  readonly legs!: [string, string];

  @Field(() => Float, { description: "The pair's own price: units of quote per one base." })
  readonly direct!: number;

  @Field(() => Float, {
    description: 'What the legs make of it, one times the other: units of quote per one base.',
  })
  readonly synthetic!: number;

  @Field(() => Float, {
    description: '1e4 * abs(ln(direct) - ln(synthetic)): how far apart they are, basis points.',
  })
  readonly bps!: number;

  @Field(() => Float, {
    description: 'Age of the oldest of the three prices against observedAt, milliseconds.',
  })
  readonly ageMs!: number;

  constructor(triangle: Triangle) {
    Object.assign(this, triangle);
  }
}

@ObjectType('Consistency', {
  description:
    'How far the market, or our frame of it, is from one price: each listed pair against the best two legs beside it, 1e4 * abs(ln(direct) - ln(synthetic)). All null where there is no such pair.',
})
export class ConsistencyType {
  readonly #figures: Pick<CycleFigures, 'consistency' | 'triangles'>;

  #triangles: readonly Triangle[] | undefined;

  constructor(figures: Pick<CycleFigures, 'consistency' | 'triangles'>) {
    this.#figures = figures;
  }

  async #worstFirst(pace: Pace): Promise<readonly Triangle[]> {
    if (pace.isSpent && !this.#triangles) await pace.next();
    return (this.#triangles ??= this.#figures.triangles());
  }

  @Field(() => Float, { nullable: true, description: 'The median, in basis points.' })
  get medianBps(): number | null {
    return this.#figures.consistency.medianBps;
  }

  @Field(() => Float, { nullable: true, description: 'The largest, in basis points.' })
  get maxBps(): number | null {
    return this.#figures.consistency.maxBps;
  }

  @Costs(FEW)
  @Field(() => [String], {
    nullable: true,
    description:
      'The symbols of the pair with the largest difference and of the two legs beside it.',
  })
  get worst(): Consistency['worst'] {
    return this.#figures.consistency.worst;
  }

  @Costs(found(() => 1))
  @Field(() => Int, { description: 'How many pairs there are with two legs beside them.' })
  async triangleCount(@Ctx() { pace }: Context): Promise<number> {
    return (await this.#worstFirst(pace)).length;
  }

  @Costs(found(({ first }) => numberOf(first, DEFAULT)))
  @Field(() => [TriangleType], {
    nullable: true,
    description: 'The pairs with two legs beside them, the largest difference first.',
  })
  async triangles(
    @Ctx() { pace }: Context,
    @Arg('first', () => Int, {
      defaultValue: DEFAULT,
      description: `How many: 1 to ${MOST}.`,
    })
    first: number,
  ): Promise<Iterable<TriangleType | Promise<TriangleType>>> {
    if (first < 1 || first > MOST) throw badUserInput('first', `expected 1 to ${MOST}`);
    const worst = (await this.#worstFirst(pace)).slice(0, first);
    return atPace(
      worst.map((triangle) => new TriangleType(triangle)),
      pace,
    );
  }
}
