import 'reflect-metadata';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { boundFieldErrors } from './field-errors.js';
import { AlertTestResolver } from './resolvers/alert-test.resolver.js';
import { AlertChannelResolver } from './resolvers/alert-channel.resolver.js';
import { AlertResolver } from './resolvers/alert.resolver.js';
import { HealthResolver } from './resolvers/health.resolver.js';
import { AttributionResolver } from './resolvers/attribution.resolver.js';
import { ConversionResolver } from './resolvers/conversion.resolver.js';
import { CycleResolver } from './resolvers/cycle.resolver.js';
import { HistoryResolver } from './resolvers/history.resolver.js';
import { ListingResolver } from './resolvers/listing.resolver.js';
import { LiveSeriesResolver } from './resolvers/live-series.resolver.js';
import { MaintenanceResolver } from './resolvers/maintenance.resolver.js';
import { NodeResolver } from './resolvers/node.resolver.js';
import { RoleResolver } from './resolvers/role.resolver.js';
import { SeriesResolver } from './resolvers/series.resolver.js';
import { StatusResolver } from './resolvers/status.resolver.js';
import { StrategyResolver } from './resolvers/strategy.resolver.js';
import { WindowSeriesResolver } from './resolvers/window-series.resolver.js';
import { WindowResolver } from './resolvers/window.resolver.js';
import { DateTime } from './scalars.js';

/** type-graphql asks for one, though every subscription here brings its own source. */
const NO_TOPICS: PubSub = {
  publish: refuseTopics,
  subscribe: refuseTopics,
};

function refuseTopics(): never {
  throw new Error('subscriptions here name a `subscribe` function, not a topic');
}

/** Builds the executable schema. */
export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({
    resolvers: [
      AlertTestResolver,
      AlertChannelResolver,
      AlertResolver,
      HealthResolver,
      AttributionResolver,
      ConversionResolver,
      CycleResolver,
      HistoryResolver,
      ListingResolver,
      LiveSeriesResolver,
      MaintenanceResolver,
      NodeResolver,
      RoleResolver,
      SeriesResolver,
      StatusResolver,
      StrategyResolver,
      WindowResolver,
      WindowSeriesResolver,
    ],
    scalarsMap: [{ type: Date, scalar: DateTime }],
    validate: false,
    // Apollo checks the schema that it is given; type-graphql would have it tell all of itself first.
    skipCheck: true,
    pubSub: NO_TOPICS,
  });
  boundFieldErrors(schema);
  return schema;
}

/** The schema as text, in an order that depends on nothing but names. */
export function printSdl(schema: GraphQLSchema): string {
  return printSchema(lexicographicSortSchema(schema)) + '\n';
}
