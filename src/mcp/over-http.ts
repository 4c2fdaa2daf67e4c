import { print } from 'graphql';
import { AskFailure, type Ask } from './ask.js';

/** How long an answer is waited for, milliseconds. */
const PATIENCE_MS = 60_000;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
}

/**
 * Asks a running server.
 * @param base its address, without a slash at its end
 * @param token an access token, where the server takes one
 */
export function askOverHttp(base: string, token: string | null): Ask {
  return async (document, variables) => {
    const received = await posted(`${base}/graphql`, token, print(document), variables);
    const { data, errors = [] } = answerOf(base, received);
    if (errors.length > 0) throw new AskFailure(errors.map(({ message }) => message).join('\n'));
    return data as never;
  };
}

/** An answer that has come whole. */
interface Received {
  readonly status: number;
  readonly text: string;
}

async function posted(
  url: string,
  token: string | null,
  query: string,
  variables: object,
): Promise<Received> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new AskFailure(`${url} cannot be reached: ${reasonOf(error as Error)}`);
  }
}

function reasonOf({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} s`;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? 'no server runs there' : (code ?? message);
}

function answerOf(base: string, { status, text }: Received): Answer {
  if (status === 401) {
    throw new AskFailure(
      `${base} wants an access token: set DYNAMICS_TOKEN to what "dynamics token --role viewer" prints there`,
    );
  }
  try {
    const answer = JSON.parse(text) as Answer | null;
    if (answer?.data !== undefined || answer?.errors !== undefined) return answer;
  } catch {
    // It is told below, as is what is JSON of another shape.
  }
  throw new AskFailure(`${base} is no such server: it answered with HTTP ${status}`);
}
