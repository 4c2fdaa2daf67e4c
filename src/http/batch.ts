import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { JsonText } from '../graphql/json.js';
import type { Pieces } from './pieces.js';

/**
 * Answers the operations of a batch one after another, each in a turn of the event loop of its own:
 * together they could hold it for ten times as long as one may.
 */
export async function answerInTurn(
  operations: readonly unknown[],
  answerOne: (operation: unknown) => Promise<HTTPGraphQLResponse>,
): Promise<HTTPGraphQLResponse> {
  const headers = new HeaderMap();
  const pieces: (string | Buffer)[] = [];
  let status: number | undefined;
  for (const operation of operations) {
    const answer = await answerOne(operation);
    status = answer.status ?? status;
    for (const [name, value] of answer.headers) headers.set(name, value);
    pieces.push(pieces.length === 0 ? '[' : ',', ...piecesOf(answer));
    await new Promise(setImmediate);
  }
  const string = new JsonText([...pieces, ']']) as unknown as string;
  return { ...(status !== undefined && { status }), headers, body: { kind: 'complete', string } };
}

/** An answer's text as it is to be sent. */
export function piecesOf({ body }: HTTPGraphQLResponse): Pieces {
  // Answers in parts exist from graphql 17 on only.
  if (body.kind !== 'complete') throw new Error('an answer came in parts');
  // What writes the answers gives text in pieces, where Apollo has a string.
  const text: unknown = body.string;
  return text instanceof JsonText ? text.pieces : [body.string];
}
