import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import { json } from 'express';
import type { GraphQLError } from 'graphql';
import type { Context } from '../graphql/context.js';
import { newRequestBudget } from '../graphql/request-budget.js';
import type { Viewer } from '../graphql/rights.js';
import { refuseDocument } from '../operate/documents.js';
import { limitExceeded } from '../graphql/errors.js';
import { LARGEST_BATCH } from '../operate/operation-limits.js';
import { formatError } from '../operate/mask.js';
import { answerKeyOf } from './answer-key.js';
import { answerInTurn, piecesOf } from './batch.js';
import { parsePlain, refuseDeepJson } from './json-body.js';
import { KeptAnswer, type Content, type KeptAnswers } from './kept-answers.js';
import type { Caching } from './caching.js';
import { isPlain, KnownRequests, readAgain, readPlain } from './known-requests.js';
import { endWith, lengthOf } from './pieces.js';
import { runnerOf } from './run-apollo.js';
import { sendKept, type HeaderLists } from './send-kept.js';
import { storedRequestOf, type StoredRequest } from './stored-request.js';

/** The largest body of a request. */
export const LARGEST_BODY = '1mb';
const NO_HEADERS: HeaderLists = { own: [], common: [] };

export interface GraphQLHandlerOptions {
  readonly apollo: ApolloServer<Context>;
  /** Who asks for so many operations: throws a GraphQLError for whoever may not. */
  readonly callerOf: (request: IncomingMessage, operations: number) => Promise<Viewer>;
  readonly contextOf: (
    request: IncomingMessage,
    response: ServerResponse,
    caller: Viewer,
  ) => Context;
  readonly kept: KeptAnswers;
  readonly caching: Caching;
}

type Next = (error: unknown) => void;

/** A request, and who sent it where that is known already. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller?: Promise<Viewer>;
  /** The stored operation that it asks for by its hash, if any. */
  readonly stored: StoredRequest | null;
}

/**
 * Answers GraphQL over HTTP. Stands on Node's own request and response, so that an answer costs
 * little more than Apollo's work on it; a body that cannot be read goes to `next` with the reason.
 * What it is given of headers is set on each answer.
 */
export function graphqlHandler(options: GraphQLHandlerOptions) {
  const handler = new GraphQLHandler(options);
  return (
    request: IncomingMessage,
    response: ServerResponse,
    next: Next,
    headers: HeaderLists = NO_HEADERS,
  ): void => handler.handle(request, response, next, headers);
}

class GraphQLHandler {
  readonly #options: GraphQLHandlerOptions;
  readonly #known = new KnownRequests();
  readonly #readBody = json({ limit: LARGEST_BODY, verify: refuseDeepJson });

  constructor(options: GraphQLHandlerOptions) {
    this.#options = options;
  }

  handle(
    request: IncomingMessage,
    response: ServerResponse,
    next: Next,
    headers: HeaderLists,
  ): void {
    const understand = (raw: Buffer | null, caller?: Promise<Viewer>): void => {
      setHeaders(response, headers.own);
      setHeaders(response, headers.common);
      const stored = storedRequestOf(request);
      this.#understand({ request, response, stored, ...(caller && { caller }) }, raw, next);
    };
    if (!isPlain(request)) return understand(null);
    readPlain(request, (raw) => {
      const key = this.#known.keyOf(request, raw);
      if (key === undefined) return understand(raw);
      const caller = this.#options.callerOf(request, 1);
      this.#answerKnown({ request, response, caller, stored: null }, key, headers)
        .then((isAnswered) => {
          if (!isAnswered) understand(raw, caller);
        })
        .catch(next);
    });
  }

  /** Answers with what is kept, where the very same was asked for before. @returns whether it has */
  async #answerKnown(
    { request, response, caller }: Required<Asked>,
    key: string,
    headers: HeaderLists,
  ): Promise<boolean> {
    const viewer = await caller.catch(() => null);
    const found = viewer && this.#options.kept.find(`${viewer.role} ${key}`);
    if (!found) return false;
    await sendKept(request, response, found, { headers });
    return true;
  }

  /** Understands a body, which may have been read already. */
  #understand(asked: Asked, raw: Buffer | null, next: Next): void {
    const { request, response } = asked;
    const plain = raw && parsePlain(raw);
    if (plain) return this.#answerBody(asked, plain, raw, next);
    const source = raw ? readAgain(request, raw) : request;
    this.#readBody(source, response, (unreadable?: unknown) => {
      if (unreadable !== undefined) return next(unreadable);
      this.#answerBody(asked, (source as { readonly body?: unknown }).body, raw, next);
    });
  }

  #answerBody(asked: Asked, body: unknown, raw: Buffer | null, next: Next): void {
    const { request, response } = asked;
    const size = sizeOf(body);
    if (size > LARGEST_BATCH) {
      return send(response, refusal(limitExceeded('operations in a batch', LARGEST_BATCH, size)));
    }
    this.#answer(asked, body, raw)
      .then((found) => {
        if (!(found instanceof KeptAnswer)) return send(response, found);
        const cacheControl = this.#options.caching.of(found, asked.stored);
        return sendKept(request, response, found, { cacheControl });
      })
      .catch(next);
  }

  async #answer(
    asked: Asked,
    body: unknown,
    raw: Buffer | null,
  ): Promise<HTTPGraphQLResponse | KeptAnswer> {
    const { request, response, caller, stored } = asked;
    const { apollo, callerOf, contextOf } = this.#options;
    const context = (caller ?? callerOf(request, sizeOf(body))).then((viewer) =>
      contextOf(request, response, viewer),
    );
    const admitted = await context.catch(() => null);
    const run = runnerOf(apollo, request, stored);
    // Whoever may not ask is told so once, and before anything of the documents is looked at.
    if (admitted === null) return run(isBatch(body) ? body[0] : body, () => context);
    const tooLong = refuseDocuments(body);
    if (tooLong) return refusal(tooLong);
    if (!isBatch(body)) {
      return this.#keep(asked, body, raw, admitted, () => run(body, () => context));
    }
    const batch = { ...admitted, batch: newRequestBudget() };
    return answerInTurn(body, (operation) => run(operation, () => Promise.resolve(batch)));
  }

  /** Has an operation run, where its answer is not kept; and keeps it where others get the same. */
  async #keep(
    { request, stored }: Asked,
    body: unknown,
    raw: Buffer | null,
    { viewer, answer }: Context,
    run: () => Promise<HTTPGraphQLResponse>,
  ): Promise<HTTPGraphQLResponse | KeptAnswer> {
    const key = answerKeyOf(request, body, stored);
    const found = await this.#options.kept.answer(`${viewer.role} ${key}`, async () => {
      const own = await run();
      return { own, content: answer.isByTurn ? contentOf(own, answer) : null };
    });
    if (!(found instanceof KeptAnswer)) return found.own;
    if (raw && found.pieces.length === 1) this.#known.add(request, raw, key);
    return found;
  }
}

function setHeaders(response: ServerResponse, headers: readonly string[]): void {
  for (let at = 0; at < headers.length; at += 2) {
    response.setHeader(headers[at] as string, headers[at + 1] as string);
  }
}

/** What others get of an answer; null for one that is no plain success. */
function contentOf(
  answer: HTTPGraphQLResponse,
  { isFixed }: Pick<Content, 'isFixed'>,
): Content | null {
  if (answer.status !== undefined && answer.status !== 200) return null;
  const type = answer.headers.get('content-type') ?? '';
  return { type, pieces: piecesOf(answer), isFixed };
}

/** How many operations a request holds. */
function sizeOf(body: unknown): number {
  return Array.isArray(body) ? Math.max(1, body.length) : 1;
}

/** Whether a body holds several operations; anything else is the one that it says, or wrong. */
function isBatch(body: unknown): body is readonly [unknown, ...unknown[]] {
  return Array.isArray(body) && body.length > 0 && !body.some((entry) => Array.isArray(entry));
}

/** The error for the first document of a body that is too long, or null. */
function refuseDocuments(body: unknown): GraphQLError | null {
  for (const operation of [body].flat()) {
    const { query } = (operation ?? {}) as { readonly query?: unknown };
    const refused = typeof query === 'string' ? refuseDocument(query) : null;
    if (refused) return refused;
  }
  return null;
}

/** Refuses a request as a whole. */
function refusal(error: GraphQLError): HTTPGraphQLResponse {
  const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);
  const string = JSON.stringify({ errors: [formatError(error)] });
  return { status: 400, headers, body: { kind: 'complete', string } };
}

function send(response: ServerResponse, answer: HTTPGraphQLResponse): void {
  const pieces = piecesOf(answer);
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.writeHead(answer.status ?? 200, {
    'Cache-Control': 'no-store',
    'Content-Length': lengthOf(pieces),
  });
  endWith(response, pieces);
}
