import { ArgsType, Field } from 'type-graphql';
import type { Universe } from '../domain/asset.js';
import { assetIndexes } from './arguments.js';
import { lengthOf, type Arguments, type Place } from './field-traits.js';

/** Which cells of a matrix. */
@ArgsType()
export class CellArguments {
  @Field(() => [String], {
    nullable: true,
    description: 'The rows, in this order; without it, the universe.',
  })
  bases?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'The columns, in this order; without it, the universe.',
  })
  quotes?: string[] | null;
}

/** By their positions in the universe. */
interface CellPositions {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** @throws a BAD_USER_INPUT error for an asset outside the universe, or one that stands twice */
export function readCells({ bases, quotes }: CellArguments, universe: Universe): CellPositions {
  return {
    rows: assetIndexes(universe, bases, 'bases'),
    columns: assetIndexes(universe, quotes, 'quotes'),
  };
}

/** How many cells are asked for. */
export function cellsAsked({ bases, quotes }: Arguments, { universeSize }: Place): number {
  return lengthOf(bases, universeSize) * lengthOf(quotes, universeSize);
}
