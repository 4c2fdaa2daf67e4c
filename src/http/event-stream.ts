import type { IncomingMessage } from 'node:http';
import { json, Router, type Request, type Response } from 'express';
import { GraphQLError, OperationTypeNode } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Config } from '../config.js';
import type { ErrorCode } from '../graphql/errors.js';
import { formatError } from '../operate/mask.js';
import type { PreparedOperation } from '../operate/documents.js';
import type { SubscriptionServer } from '../subscriptions/subscription-server.js';
import { refuseForgery } from './access.js';
import {
  askedIn,
  askedInAddress,
  lastTurnOf,
  refuseTokens,
  RequestFault,
} from './asked-operation.js';
import type { Callers } from './callers.js';
import { LARGEST_BODY } from './graphql.js';
import { refuseDeepJson } from './json-body.js';

const EVENTS = 'text/event-stream';
/** What is answered with at this address; whoever likes several equally gets the first. */
const OFFERED = ['application/graphql-response+json', 'application/json', 'text/html', EVENTS];

export interface EventStreamOptions {
  readonly subscriptions: Pick<SubscriptionServer, 'prepare' | 'openStream' | 'refuseConnection'>;
  readonly callers: Callers;
  readonly access: Pick<Config['server'], 'corsOrigins' | 'trustedProxies'>;
}

/** Whether a request may want events; most by far do not. */
export function mayWantEvents({ headers: { accept } }: IncomingMessage): boolean {
  return accept !== undefined && accept.includes(EVENTS);
}

/**
 * GraphQL over server-sent events, the protocol of graphql-sse with distinct connections, for whoever
 * prefers them; everything else goes on. What is wrong with a request is answered with a status; what is
 * wrong with a valid document, as the protocol has it, in the stream.
 */
export function eventStreamRoutes(options: EventStreamOptions): Router {
  const router = Router();
  const readBody = json({ limit: LARGEST_BODY, verify: refuseDeepJson });
  router.use((request, response, next) => {
    const isAsked = request.method === 'GET' || request.method === 'POST';
    if (!isAsked || !mayWantEvents(request) || request.accepts(OFFERED) !== EVENTS) return next();
    response.vary('Accept');
    readBody(request, response, (unreadable?: unknown) => {
      if (unreadable !== undefined) return next(unreadable);
      open(options, request, response).catch((error: unknown) => {
        const told = asGraphQLError(error);
        if (told) refuse(response, told);
        else next(error);
      });
    });
  });
  return router;
}

async function open(
  { subscriptions, callers, access }: EventStreamOptions,
  request: Request,
  response: Response,
): Promise<void> {
  const { method, headers } = request;
  const [, search = ''] = request.url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(search);
  refuseTokens(parameters);
  const forgery =
    method === 'GET'
      ? refuseForgery(headers, access, access.trustedProxies.originOf(request))
      : null;
  if (forgery !== null) throw new RequestFault(forgery, 403);
  const address = callers.addressOf(request);
  refuseMany(subscriptions, address);
  const viewer = await callers.callerOf(request);
  const payload = method === 'GET' ? askedInAddress(parameters) : askedInBody(request);
  const last = lastTurnOf(headers['last-event-id']);
  refuseUnexecutable(subscriptions.prepare(payload), method);
  // Others may have come meanwhile.
  refuseMany(subscriptions, address);
  subscriptions.openStream({ response, viewer, address, payload, last });
}

function askedInBody(request: Request): SubscribePayload {
  if (request.is('application/json') === false) {
    throw new RequestFault('expected Content-Type: application/json', 415);
  }
  return askedIn(request.body);
}

function refuseMany(subscriptions: EventStreamOptions['subscriptions'], address: string): void {
  const many = subscriptions.refuseConnection(address);
  if (many !== null) throw new RequestFault(many, 429);
}

/** What cannot be read has no stream; one that is not valid is told so in its own. */
function refuseUnexecutable(prepared: PreparedOperation, method: string): void {
  if ('errors' in prepared) {
    const [unread] = prepared.errors.filter(
      ({ extensions }) => extensions['code'] !== 'GRAPHQL_VALIDATION_FAILED',
    );
    if (unread) throw unread;
    return;
  }
  if (method === 'GET' && prepared.operation.operation === OperationTypeNode.MUTATION) {
    throw new RequestFault('mutations are sent with POST', 405);
  }
}

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  403: 'FORBIDDEN',
  429: 'LIMIT_EXCEEDED',
};

function asGraphQLError(error: unknown): GraphQLError | null {
  if (error instanceof GraphQLError) return error;
  if (!(error instanceof RequestFault)) return null;
  const { message, status } = error;
  const code = CODE_OF_STATUS[status] ?? ('BAD_USER_INPUT' satisfies ErrorCode);
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

function refuse(response: Response, error: GraphQLError): void {
  const { http } = error.extensions as {
    readonly http?: { readonly status: number; readonly headers?: ReadonlyMap<string, string> };
  };
  for (const [name, value] of http?.headers ?? []) response.set(name, value);
  if (http?.status === 405) response.set('Allow', 'POST');
  response
    .status(http?.status ?? 400)
    .set('Cache-Control', 'no-store')
    .json({ errors: [formatError(error)] });
}
