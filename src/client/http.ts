import { AccessError, RequestError, UnreachableError, type GraphQLFault } from './errors.js';

/** How long a server may take to answer a query, milliseconds. */
const ANSWER_MS = 20_000;

interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphQLFault[];
}

/** A connection that broke without a word would keep an answer waiting for ever. */
export function fetchInTime(
  address: Parameters<typeof fetch>[0],
  init: RequestInit = {},
): Promise<Response> {
  const signals = [AbortSignal.timeout(ANSWER_MS), ...(init.signal ? [init.signal] : [])];
  return fetch(address, { ...init, signal: AbortSignal.any(signals) });
}

/** An operation over HTTP. */
export interface Request {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  readonly variables: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Sends an operation over HTTP. @throws an error of this client, or the reason of the signal */
export async function ask<Data>(request: Request): Promise<Data> {
  const { status, text } = await send(request);
  const { data, errors } = answerIn<Data>(status, text);
  if (errors?.length) {
    const error = new RequestError(errors, data ?? null);
    if (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN') {
      throw new AccessError(error.message, { cause: error });
    }
    throw error;
  }
  if (!data) throw new UnreachableError('the server gave no answer', { status });
  return data;
}

async function send({ address, headers, query, variables, signal }: Request) {
  try {
    const response = await fetchInTime(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
      signal: signal ?? null,
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new UnreachableError('the server cannot be reached', { cause });
  }
}

function answerIn<Data>(status: number, text: string): Answer<Data> {
  const isOther = (): UnreachableError =>
    new UnreachableError(`no answer of a Dynamics server: status ${status}`, { status });
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw isOther();
  }
  if (typeof answer !== 'object' || answer === null) throw isOther();
  if ('data' in answer || 'errors' in answer) return answer as Answer<Data>;
  throw isOther();
}
