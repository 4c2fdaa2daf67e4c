import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Conversion, ConversionNull } from '../../domain/conversion.js';
import { ConversionReasonEnum } from '../enums.js';
import { Costs, FEW } from '../field-traits.js';
import { Decimal } from '../scalars.js';

@ObjectType('Conversion', {
  description:
    'What an amount of one asset is in another, by the prices of one turn: of the top of the book, without depth.',
})
export class ConversionType {
  readonly #conversion: Conversion;

  @Field(() => Int, { description: 'The turn whose prices were taken.' })
  readonly turn: number;

  constructor(conversion: Conversion, turn: number) {
    this.#conversion = conversion;
    this.turn = turn;
  }

  @Field(() => Decimal, {
    nullable: true,
    description:
      'The exact product of the amount and the rate, rounded half to even to 18 significant digits, in units of `to`; null where there is no rate.',
  })
  get amount(): string | null {
    return this.#conversion.amount;
  }

  @Field(() => Float, { nullable: true, description: 'Units of `to` per one of `from`.' })
  get rate(): number | null {
    return this.#conversion.rate;
  }

  @Costs(FEW)
  @Field(() => [String], {
    description:
      'The symbols of the legs, from `from` to `to`, also where bid or ask of one is not known; empty for the same asset, and where there is no path.',
  })
  get path(): readonly string[] {
    return this.#conversion.path;
  }

  @Field(() => ConversionReasonEnum, {
    nullable: true,
    description: 'Why there is no amount; null where there is one.',
  })
  get reason(): ConversionNull | null {
    return this.#conversion.reason;
  }
}
