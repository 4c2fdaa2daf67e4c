import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import { Costs, objects } from '../field-traits.js';
import { ListingType } from '../types/listing.js';

/** How many pairs an exchange lists for each asset: somewhat more than Binance does. */
const PAIRS_PER_ASSET = 4;

@Resolver()
export class ListingResolver {
  @Costs((_args, { universeSize }) => objects(PAIRS_PER_ASSET * universeSize))
  @Query(() => [ListingType], {
    description:
      "The pairs of the newest turn's frame, by symbol; before the first turn, those that the exchange lists as trading. Ticks are as this instance last read them, hourly or so: they may change without a turn, and cost none.",
  })
  listings(@Ctx() { services: { feed, market } }: Context): ListingType[] {
    const listed = market.listed();
    const ticks = new Map(listed.map(({ symbol, tickSize }) => [symbol, tickSize]));
    return (feed.newest?.cycle.frame.tickers ?? listed).map(({ base, quote, symbol }) => ({
      base,
      quote,
      symbol,
      tickSize: ticks.get(symbol) ?? null,
    }));
  }
}
