import { Ctx, Field, ObjectType } from 'type-graphql';
import type { Pace } from '../../scheduling/slices.js';
import { readable, type UnreadableCycle } from '../../history/stored-cycle.js';
import type { Context } from '../context.js';
import { Costs, FEW } from '../field-traits.js';
import { CycleType } from './cycle.js';

@ObjectType('PageInfo', { description: 'Where a page of a list stands.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'Whether there are items after this page (older cycles).' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there are items before this page (newer cycles).' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first item; opaque.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last item; opaque.' })
  endCursor!: string | null;
}

@ObjectType('CycleEdge', { description: 'A cycle in a list.' })
export class CycleEdgeType {
  @Field(() => String, { description: 'Stands for this place in the list; opaque.' })
  readonly cursor: string;
  /** The cycle, or why it cannot be read. */
  readonly item: CycleType | UnreadableCycle;

  constructor(cursor: string, item: CycleType | UnreadableCycle) {
    this.cursor = cursor;
    this.item = item;
  }

  @Field(() => CycleType, {
    nullable: true,
    description: 'The cycle; null, with an error that names its turn, where it cannot be read.',
  })
  get node(): CycleType {
    return readable(this.item);
  }
}

@ObjectType('CycleConnection', {
  description:
    'A page of cycles, newest first. Wrong arguments are reported on edges and nodes, so that the rest of the answer stands.',
})
export class CycleConnectionType {
  readonly #page: Promise<CyclePage>;
  #reported = false;

  /** `page` may reject; the error is then reported on the nullable fields that were asked for. */
  constructor(page: Promise<CyclePage>) {
    this.#page = page;
    page.catch(() => undefined);
  }

  // They are counted where the page is asked for.
  @Costs(FEW)
  @Field(() => [CycleEdgeType], { nullable: true, description: 'The cycles with their cursors.' })
  async edges(@Ctx() { pace }: Context): Promise<Promise<CycleEdgeType>[]> {
    this.#reported = true;
    const { edges } = await this.#page;
    return edges.map((edge) => inTurn(edge, pace));
  }

  @Costs(FEW)
  @Field(() => [CycleType], {
    nullable: 'itemsAndList',
    description:
      'The cycles alone; null, with an error that names its turn, for each that cannot be read.',
  })
  async nodes(@Ctx() { pace }: Context): Promise<Promise<CycleType | UnreadableCycle>[]> {
    this.#reported = true;
    const { edges } = await this.#page;
    return edges.map(({ item }) => inTurn(item, pace));
  }

  @Field(() => PageInfoType, { description: 'Where the page stands.' })
  async pageInfo(): Promise<PageInfoType> {
    try {
      return (await this.#page).pageInfo;
    } catch (error) {
      // Raised here it would take the whole answer with it. The fields beside this one have begun
      // by the next turn of the event loop: if one of them reports the error, that is enough.
      await new Promise((resolve) => setImmediate(resolve));
      if (!this.#reported) throw error;
      return { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
    }
  }
}

/** Each cycle is worked out in its turn: all that follows from it, before the next one. */
async function inTurn<T>(item: T, pace: Pace): Promise<T> {
  await pace.next();
  return item;
}

/** A page that was read. */
export interface CyclePage {
  readonly edges: CycleEdgeType[];
  readonly pageInfo: PageInfoType;
}
