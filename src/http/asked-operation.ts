import type { SubscribePayload } from 'graphql-ws';
import { DEEPEST_JSON } from '../operate/operation-limits.js';
import { levelsOfJson } from '../operate/values.js';

/** What is wrong with a request, in words for whoever sent it. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault';

  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Names under which tokens are put into addresses. */
const TOKEN_NAMES: ReadonlySet<string> = new Set([
  'access_token',
  'accesstoken',
  'api_key',
  'apikey',
  'auth',
  'auth_token',
  'authorization',
  'bearer',
  'jwt',
  'token',
]);

/** @throws {RequestFault} where an address has a token in it: addresses are logged, and remembered */
export function refuseTokens(search: URLSearchParams): void {
  for (const name of search.keys()) {
    if (!TOKEN_NAMES.has(name.toLowerCase())) continue;
    throw new RequestFault(
      `${name}: a token in an address ends up in logs and histories; send it as Authorization: Bearer <access token>, which a client over fetch can do and an EventSource cannot`,
    );
  }
}

/** The operation that an address asks for. @throws {RequestFault} */
export function askedInAddress(search: URLSearchParams): SubscribePayload {
  const query = search.get('query');
  if (query === null) throw new RequestFault('query: expected a GraphQL document in the address');
  return askedIn({
    query,
    operationName: search.get('operationName') || undefined,
    variables: jsonIn(search, 'variables'),
    extensions: jsonIn(search, 'extensions'),
  });
}

/** The operation that a body, or what is like one, asks for. @throws {RequestFault} */
export function askedIn(body: unknown): SubscribePayload {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestFault('expected one operation: a JSON object with a query');
  }
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  if (typeof query !== 'string') throw new RequestFault('query: expected a GraphQL document');
  if (!isMissing(operationName) && typeof operationName !== 'string') {
    throw new RequestFault('operationName: expected a name');
  }
  return {
    query,
    operationName: operationName,
    variables: objectOf('variables', variables),
    extensions: objectOf('extensions', extensions),
  };
}

/** The largest Int of GraphQL. */
const LARGEST_TURN = 2 ** 31 - 1;

/**
 * The turn that a client has got to, by what its browser, or it, says when it comes back; null where it
 * says nothing.
 * @throws {RequestFault} for what is no turn: going on from nowhere would lose some in silence
 */
export function lastTurnOf(id: string | string[] | undefined): number | null {
  if (id === undefined || id === '') return null;
  const turn = /^\d{1,10}$/.test(String(id)) ? Number(id) : NaN;
  if (turn <= LARGEST_TURN) return turn;
  throw new RequestFault('Last-Event-ID: expected the number of a turn, as events here have it');
}

function jsonIn(search: URLSearchParams, name: string): unknown {
  const text = search.get(name);
  if (text === null || text === '') return undefined;
  try {
    if (levelsOfJson(Buffer.from(text)) <= DEEPEST_JSON) return JSON.parse(text);
  } catch {
    throw new RequestFault(`${name}: expected JSON`);
  }
  throw new RequestFault(`${name}: levels of JSON: ${DEEPEST_JSON} are allowed`);
}

function objectOf(name: string, value: unknown): Record<string, unknown> | undefined {
  if (isMissing(value)) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new RequestFault(`${name}: expected a JSON object`);
  }
  return value as Record<string, unknown>;
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
