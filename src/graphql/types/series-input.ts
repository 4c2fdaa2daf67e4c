import { Field, InputType, Int } from 'type-graphql';
import { LONGEST_LENGTH, SHORTEST_LENGTH, type Transform } from '../../domain/series/transform.js';
import { TransformKindEnum } from '../series-enums.js';

@InputType('CellInput', { description: 'A cell of a matrix.' })
export class CellInput {
  @Field(() => String, { description: 'The base asset: the row.' })
  base!: string;

  @Field(() => String, { description: 'The quote asset: the column.' })
  quote!: string;
}

@InputType('TransformInput', {
  description: 'What is made of the values of a line; in a list, each of what comes out before it.',
})
export class TransformInput implements Transform {
  @Field(() => TransformKindEnum, { description: 'Which.' })
  kind!: Transform['kind'];

  @Field(() => Int, {
    nullable: true,
    description: `MOVING_AVERAGE, EWMA and ZSCORE: over how many values, ${SHORTEST_LENGTH} to ${LONGEST_LENGTH}; required for these, refused for the others.`,
  })
  length?: number | null;
}
