import { fileURLToPath } from 'node:url';
import type { ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.js';
import type { Context, Services } from '../graphql/context.js';
import type { Logger } from '../log.js';
import type { Exporter } from '../transfer/exporter.js';
import type { Callers } from './callers.js';
import { clientFile } from './client-file.js';
import type { SubscriptionServer } from '../subscriptions/subscription-server.js';
import { dashboardRoutes } from './dashboard-page.js';
import { eventStreamRoutes } from './event-stream.js';
import { exportRoute } from './export-route.js';
import { graphiqlRoutes } from './graphiql-page.js';
import { healthRoutes } from './health.js';
import type { KeptAnswers } from './kept-answers.js';
import type { Metrics } from './metrics.js';
import { sendProblem } from './problem.js';
import { restRoutes, sendFault } from './rest.js';

export interface RoutesOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly config: Config['server'];
  readonly metrics: Metrics;
  readonly apollo: ApolloServer<Context>;
  readonly callers: Callers;
  readonly subscriptions: SubscriptionServer;
  readonly kept: KeptAnswers;
  readonly graphql: RequestHandler;
  readonly exporter: Pick<Exporter, 'plan' | 'pieces'>;
  readonly log: Logger;
  /** Answers a request that failed. */
  readonly fail: (response: ServerResponse, error: unknown) => void;
}

/** Everything that is served over HTTP, each at its path. */
export function createRoutes(options: RoutesOptions): Express {
  const { services, config, metrics, callers, subscriptions, fail } = options;
  const app = express();
  app.disable('x-powered-by');
  // Answers change with every cycle, and hashing a large one costs more than sending it.
  app.disable('etag');
  app.use('/graphql', eventStreamRoutes({ subscriptions, callers, access: config }));
  app.use(dashboardRoutes(builtPage('dashboard'), config.basePath));
  app.use(graphiqlRoutes(builtPage('graphiql'), config.basePath));
  app.get('/client.js', clientFile(builtPage('browser')));
  healthRoutes(app, services);
  metrics.serve(app, services);
  app.use('/graphql', options.graphql);
  const exported = exportRoute(options);
  app.get('/export', (request, response) =>
    exported(request, response).catch((error: unknown) => sendFault(response, error)),
  );
  app.use(
    restRoutes({
      ...options,
      version: services.version,
      access: config,
      contextOf: async (request, response) =>
        callers.contextOf(request, response, await callers.callerOf(request)),
    }),
  );
  app.use((request, response) => {
    sendProblem(response, 404, `nothing is served at ${request.path.slice(0, 100)}`);
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else fail(response, error);
  });
  return app;
}

/** Where the build leaves a page, seen from `src` as from `dist`. */
function builtPage(name: string): string {
  return fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
}
