import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.js';
import { createContext, type Context, type Services } from '../graphql/context.js';
import { OPERATION_ENDED } from '../graphql/errors.js';
import { unauthenticated, type Role, type Viewer } from '../graphql/rights.js';
import type { Logger } from '../log.js';
import { Admission } from '../operate/admission.js';
import { HeavyWork, type HeavyLimits } from '../scheduling/heavy-work.js';
import { Slices } from '../scheduling/slices.js';
import { createSubscriptionServer } from '../subscriptions/server.js';
import { refuseForeign, type Refusal } from './access.js';
import { authenticate } from './auth.js';
import { createApolloServer } from './apollo.js';
import { dashboardRoutes } from './dashboard.js';
import { graphiqlRoutes } from './graphiql.js';
import { graphqlHandler } from './graphql.js';
import { ANSWER_HEADERS, originRule } from './headers.js';
import { healthRoutes } from './health.js';
import { KeptAnswers } from './kept-answers.js';
import type { Metrics } from './metrics.js';
import { sendProblem } from './problem.js';
import { RateLimit } from './rate-limit.js';
import { identify, requestIdOf } from './request-log.js';
import { restRoutes } from './rest.js';

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

/** How many connections may wait to be accepted; the system may allow fewer. */
const CONNECTION_BACKLOG = 4_096;

export interface HttpServerOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly settings: Config['server'];
  /** What callers may do where API_SECRET_KEY is not set. */
  readonly openRole: Role;
  readonly metrics: Metrics;
  /** How the event loop is shared between turns, pushes and what is read. */
  readonly slices?: Slices;
  readonly log: Logger;
}

/** A running server. */
export interface HttpServer {
  /** Where it answers, for example `http://localhost:4000`. */
  readonly url: string;
  /** Takes no further calls, ends subscriptions with 1001, lets calls under way finish. */
  readonly stop: () => Promise<void>;
}

/** Serves GraphQL over HTTP and WebSocket, GraphiQL and health on one port. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { schema, services, settings, log } = options;
  const refuse = (headers: IncomingMessage['headers']): Refusal | null =>
    settings.apiSecretKey === null ? refuseForeign(headers, settings) : null;

  const authentication = { apiSecretKey: settings.apiSecretKey, openRole: options.openRole };
  const slices = options.slices ?? new Slices();
  const rate = new RateLimit(settings.requestsPerMinute);
  const heavy = new HeavyWork(HEAVY_LIMITS);
  const admission = new Admission({ schema, slices, heavy, rate });
  const apollo = createApolloServer({ schema, admission, slices, log });
  await apollo.start();
  const callerOf = async (request: IncomingMessage, operations = 1): Promise<Viewer> => {
    const address = addressOf(request);
    const check = await authenticate(authentication, request.headers.authorization, address);
    const client = check.ok ? check.viewer.client : address;
    const refused = await admission.admitClient(client, operations);
    if (refused) throw refused;
    if (!check.ok) throw unauthenticated(check.message);
    return check.viewer;
  };
  const contextOf = (
    request: IncomingMessage,
    response: ServerResponse,
    viewer: Viewer,
  ): Context => {
    const ended = endOf(response);
    const pace = admission.paceOf(viewer, ended);
    return createContext(services, viewer, { requestId: requestIdOf(request), pace, ended });
  };
  const subscriptions = createSubscriptionServer({
    schema,
    services,
    log,
    authenticate: (authorization, address) => authenticate(authentication, authorization, address),
    admission,
    connectionsPerClient: settings.connectionsPerClient,
  });
  const kept = new KeptAnswers(
    () => `${services.version} ${services.feed.state} ${services.strategy.latestVersion}`,
  );
  const graphql = graphqlHandler({ apollo, callerOf, contextOf, kept });
  const fail = answerFaults(log);
  const app = express();
  app.disable('x-powered-by');
  // Answers change with every cycle, and hashing a large one costs more than sending it.
  app.disable('etag');
  app.use(dashboardRoutes(builtPage('dashboard')));
  app.use(graphiqlRoutes(builtPage('graphiql')));
  healthRoutes(app, services);
  options.metrics.serve(app, services, subscriptions, heavy);
  app.use('/graphql', graphql);
  app.use(
    restRoutes({
      apollo,
      schema,
      version: services.version,
      access: settings,
      contextOf: async (request, response) => contextOf(request, response, await callerOf(request)),
      kept,
    }),
  );
  app.use((request, response) => {
    sendProblem(response, 404, `nothing is served at ${request.path.slice(0, 100)}`);
  });
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else fail(response, error);
  });

  const allowOrigin = originRule(settings.corsOrigins);
  const server = createServer((request, response) => {
    const requestId = identify(request, response, log);
    const { method, url, headers } = request;
    const refused = refuse(headers);
    const isOperation = method === 'POST' && url === '/graphql';
    // Most calls by far: they need nothing of what the router looks for.
    if (isOperation && !refused && headers.origin === undefined) {
      const set = ['X-Request-Id', requestId, ...ANSWER_HEADER_LIST];
      return graphql(request, response, (error) => fail(response, error), set);
    }
    response.setHeader('X-Request-Id', requestId);
    if (refused) return sendProblem(response, refused.status, refused.message);
    for (const [name, value] of ANSWER_HEADERS) response.setHeader(name, value);
    if (allowOrigin(request, response)) return;
    if (isOperation) graphql(request, response, (error) => fail(response, error));
    else app(request, response);
  });
  server.on('connection', () => slices.arrival());
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = refuse(request.headers);
    if (refused) return refuseUpgrade(socket, refused.status, refused.message);
    if (path.posix.normalize(pathOf(request)) !== '/graphql') {
      return refuseUpgrade(socket, 404, 'WebSockets are served at /graphql');
    }
    const many = subscriptions.refuseConnection(addressOf(request));
    if (many !== null) return refuseUpgrade(socket, 429, many);
    subscriptions.handleUpgrade(request, socket, head);
  });
  await listen(server, settings.port, settings.host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${displayHost(settings.host)}:${port}`,
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

/** Where the build leaves a page, seen from `src` as from `dist`. */
function builtPage(name: string): string {
  return fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
}

/** Aborted when a request's answer is sent, or its client has gone away. */
function endOf(response: ServerResponse): AbortSignal {
  const ended = new AbortController();
  // One listener for each operation of a batch.
  setMaxListeners(0, ended.signal);
  if (response.closed) ended.abort(OPERATION_ENDED);
  else response.once('close', () => ended.abort(OPERATION_ENDED));
  return ended.signal;
}

/** Where a request comes from. */
function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
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

function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const reason = STATUS_CODES[status] ?? 'Error';
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
    () => (socket as Socket).destroySoon(),
  );
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] as string;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: CONNECTION_BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** `localhost` for the default address: what people type. */
function displayHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
