import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import type { Express } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.js';
import type { Context, Services } from '../graphql/context.js';
import type { Load } from '../graphql/load.js';
import type { Role } from '../graphql/roles.js';
import type { Logger } from '../log.js';
import { Admission } from '../operate/admission.js';
import { HeavyWork, type HeavyLimits } from '../scheduling/heavy-work.js';
import { Slices } from '../scheduling/slices.js';
import {
  createSubscriptionServer,
  type SubscriptionServer,
} from '../subscriptions/subscription-server.js';
import { refuseAt } from './access.js';
import { createApolloServer } from './apollo.js';
import { authenticate } from './auth.js';
import { Caching } from './caching.js';
import { sendToBasePath, withoutBasePath } from './base-path.js';
import { Callers } from './callers.js';
import { mayWantEvents } from './event-stream.js';
import { graphqlHandler } from './graphql.js';
import { ANSWER_HEADERS, originRule } from './headers.js';
import { KeptAnswers } from './kept-answers.js';
import type { Exporter } from '../transfer/exporter.js';
import { displayHost, listen } from './listening.js';
import type { Metrics } from './metrics.js';
import { sendProblem } from './problem.js';
import { RateLimit } from './rate-limit.js';
import { identify } from './request-log.js';
import { createRoutes } from './routes.js';
import { upgradeHandler } from './upgrades.js';

/**
 * How many operations that read much of history may be under way, and wait. Each may hold some tens of
 * megabytes while it is, and a few keep database and processor busy.
 */
const HEAVY_LIMITS: HeavyLimits = {
  underWay: 4,
  underWayOfOne: 2,
  waiting: 1_000,
  waitingOfOne: 100,
};

/** Names and values in turn, as Node takes them at once. */
const ANSWER_HEADER_LIST = ANSWER_HEADERS.flat();

/**
 * How long a connection without a request stays open: longer than most turns take, so that who asks once a
 * turn does not connect anew, and than proxies keep theirs, so that none sends into one that just closes.
 */
const KEEP_ALIVE_MS = 65_000;

export interface HttpServerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly config: Config['server'];
  /** What callers may do where API_SECRET_KEY is not set. */
  readonly openRole: Role;
  readonly metrics: Metrics;
  readonly exporter: Pick<Exporter, 'plan' | 'pieces'>;
  /** How the event loop is shared between turns, pushes and what is read. */
  readonly slices?: Slices;
  readonly log: Logger;
}

/** A running server. */
export interface HttpServer {
  /** Where it answers, for example `http://localhost:4000`, with BASE_PATH behind it. */
  readonly url: string;
  /** What is asked of it. */
  readonly load: () => Load;
  /** Takes no further calls, ends subscriptions with 1001, lets calls under way finish. */
  readonly stop: () => Promise<void>;
}

/** Serves GraphQL over HTTP, WebSocket and server-sent events, pages and health on one port. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, slices = new Slices() } = options;
  const parts = await makeParts(options, slices);
  const { subscriptions, apollo } = parts;
  const handler = requestHandler(options, parts);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, handler);
  server.on('connection', () => slices.arrival());
  server.on('upgrade', upgradeHandler(config, subscriptions));
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${displayHost(config.host)}:${port}${config.basePath}`,
    load: parts.load,
    async stop() {
      await subscriptions.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const grace = setTimeout(() => server.closeAllConnections(), 2_000);
      await closed;
      clearTimeout(grace);
      await apollo.stop();
    },
  };
}

/** What answers requests: GraphQL for most of them by far, and everything else. */
interface Parts {
  readonly load: () => Load;
  readonly apollo: ApolloServer<Context>;
  readonly graphql: ReturnType<typeof graphqlHandler>;
  readonly app: Express;
  readonly subscriptions: SubscriptionServer;
  readonly fail: (response: ServerResponse, error: unknown) => void;
}

async function makeParts(options: HttpServerOptions, slices: Slices): Promise<Parts> {
  const { schema, config, log } = options;
  const services: Services = {
    ...options.services,
    load: () => loadOf(subscriptions, heavy),
  };
  const rule = { apiSecretKey: config.apiSecretKey, openRole: options.openRole };
  const rate = new RateLimit(config.requestsPerMinute);
  const heavy = new HeavyWork(HEAVY_LIMITS);
  const admission = new Admission({ schema, slices, heavy, rate });
  const apollo = createApolloServer({ schema, admission, slices, log });
  await apollo.start();
  const callers = new Callers(services, admission, rule, config.trustedProxies);
  const subscriptions = createSubscriptionServer({
    schema,
    services,
    log,
    authenticate: (authorization, address) => authenticate(rule, authorization, address),
    admission,
    connectionsPerClient: config.connectionsPerClient,
  });
  const kept = new KeptAnswers(
    () => `${services.version} ${services.feed.state} ${services.strategy.latestVersion}`,
  );
  const { callerOf, contextOf } = callers;
  const isOpen = config.apiSecretKey === null;
  const caching = new Caching({ epoch: () => services.feed.rangeEpoch, isOpen });
  const graphql = graphqlHandler({ apollo, callerOf, contextOf, kept, caching });
  const fail = answerFaults(log);
  const app = createRoutes({
    ...options,
    ...{ services, apollo, callers, subscriptions, kept, graphql, fail },
  });
  return { load: services.load, apollo, graphql, app, subscriptions, fail };
}

function loadOf(subscriptions: SubscriptionServer, heavy: HeavyWork): Load {
  const { sockets, eventStreams, slowConsumers, pushed } = subscriptions;
  const { subscribers, groups, messages, bytes } = pushed;
  return {
    ...{ sockets, eventStreams, subscribers, groups, slowConsumers },
    ...{ heavyUnderWay: heavy.underWay, heavyWaiting: heavy.waiting },
    ...{ pushedMessages: messages, pushedBytes: bytes },
  };
}

function requestHandler(options: HttpServerOptions, { graphql, app, fail }: Parts) {
  const { config, log } = options;
  const { basePath } = config;
  const allowOrigin = originRule(config.corsOrigins);
  return (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = identify(request, response, log);
    const { method, headers } = request;
    const given = request.url ?? '/';
    const url = (request.url = withoutBasePath(basePath, given));
    const refused = refuseAt(headers, config);
    const isOperation = method === 'POST' && url === '/graphql' && !mayWantEvents(request);
    // Most calls by far: they need nothing of what the router looks for.
    if (isOperation && !refused && headers.origin === undefined) {
      const lists = { own: ['X-Request-Id', requestId], common: ANSWER_HEADER_LIST };
      return graphql(request, response, (error) => fail(response, error), lists);
    }
    response.setHeader('X-Request-Id', requestId);
    if (refused) return sendProblem(response, refused.status, refused.message);
    for (const [name, value] of ANSWER_HEADERS) response.setHeader(name, value);
    if (allowOrigin(request, response) || sendToBasePath(basePath, given, response)) return;
    if (isOperation) graphql(request, response, (error) => fail(response, error));
    else app(request, response);
  };
}

/** A body that is no JSON or too large is the caller's fault; anything else is logged and masked. */
function answerFaults(log: Logger) {
  return (response: ServerResponse, error: unknown): void => {
    const status = (error as { status?: unknown }).status;
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return sendProblem(response, status, (error as Error).message);
    }
    log.error({ err: error }, 'a request failed for a reason that was not foreseen');
    sendProblem(response, 500, 'an internal error; the log has it');
  };
}
