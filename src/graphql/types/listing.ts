import { Field, ObjectType } from 'type-graphql';
import { Decimal } from '../scalars.js';

@ObjectType('Listing', {
  description: 'A pair that the exchange lists, both assets of the universe.',
})
export class ListingType {
  @Field(() => String, { description: 'The asset that is priced.' })
  base!: string;

  @Field(() => String, { description: 'The asset that prices are in.' })
  quote!: string;

  @Field(() => String, { description: "The exchange's name of the pair." })
  symbol!: string;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'The step of its prices, quote per base, as the exchange states it now, without zeros at the end; null where that is not known, as in most recordings.',
  })
  tickSize!: string | null;
}
