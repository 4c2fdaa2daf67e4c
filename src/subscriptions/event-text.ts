import type { JsonText } from '../graphql/json.js';
import type { Body } from './body.js';

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as the protocol of
 * graphql-sse has them. JSON has no line breaks, so that each payload is one line.
 */

const NEXT = 'event: next\ndata: ';
const END = '\n\n';
const END_BYTES = Buffer.from(END);

/** Nothing more comes; without data, an EventSource would not hear of it. */
export const COMPLETE = Buffer.from(`event: complete\ndata:${END}`);

/** Says nothing: keeps a connection from looking idle. */
export const BEAT = Buffer.from(`:${END}`);

/** A line for people who look at the stream; no client hears of it. */
export function comment(words: string): Buffer {
  return Buffer.from(`: ${words}${END}`);
}

/** How long a client is to wait before it comes back, milliseconds. */
export function retry(ms: number): Buffer {
  return Buffer.from(`retry: ${ms}${END}`);
}

/** An answer of an operation that runs alone. */
export function nextEvent(answer: JsonText): Buffer {
  return Buffer.concat([Buffer.from(NEXT), answer.toBuffer(END)]);
}

/** Answers that many get, each with its turn as the id that a client comes back with. */
export function nextEvents(bodies: readonly Body[]): Buffer {
  return Buffer.concat(
    bodies.flatMap(({ turn, payload }) => [
      Buffer.from(`id: ${turn}\n${NEXT}`),
      payload,
      END_BYTES,
    ]),
  );
}

/** An answer after which a client has no turn any more. */
export function nextWithoutId(answer: JsonText): Buffer {
  return Buffer.concat([Buffer.from(`id\n`), nextEvent(answer)]);
}
