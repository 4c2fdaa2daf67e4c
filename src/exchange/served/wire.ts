import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Answer } from './account.js';
import type { Fault } from './faults.js';

/** Sends a whole answer. */
export function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
) {
  response.writeHead(status, {
    'content-type': `${type};charset=UTF-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

const PAGE =
  '<html><head><title>Error</title></head><body><h1>The request could not be satisfied</h1></body></html>';

const WIRE_FAULTS: ReadonlySet<Fault['kind']> = new Set([
  'HANG',
  'RESET',
  'STATUS',
  'REDIRECT',
  'FLOOD',
  'TRICKLE',
  'TOO_SHORT',
  'NOT_PACKED',
  'HTML',
  'CUT_OFF',
  'TRUNCATED',
  'MALFORMED',
]);

/** Whether a fault shows on the wire, whatever the answer was to be. */
export function isWireFault({ kind }: Fault): boolean {
  return WIRE_FAULTS.has(kind);
}

/** Fails as the fault says, in place of the answer that was to be. */
export function sendFault(
  fault: Fault,
  answer: Answer,
  { socket }: IncomingMessage,
  response: ServerResponse,
): void {
  const body = JSON.stringify(answer.body);
  switch (fault.kind) {
    case 'HANG':
      return;
    case 'RESET':
      socket.resetAndDestroy();
      return;
    case 'STATUS':
      return sendStatus(fault, response);
    case 'REDIRECT':
      response.setHeader('location', fault.to);
      return send(response, fault.status, PAGE, 'text/html');
    case 'FLOOD':
      return sendFlood(fault, response);
    case 'TRICKLE':
      return trickle(response);
    case 'TOO_SHORT':
      response.writeHead(200, { 'content-length': Buffer.byteLength(body) + 1 });
      response.write(body);
      return;
    case 'NOT_PACKED':
      response.setHeader('content-encoding', 'gzip');
      return send(response, 200, body);
    case 'HTML':
      return send(response, 200, PAGE, 'text/html');
    case 'CUT_OFF':
      response.writeHead(200, { 'content-length': Buffer.byteLength(body) });
      response.write(body.slice(0, body.length / 2), () => socket.destroy());
      return;
    case 'TRUNCATED':
      return send(response, 200, body.slice(0, body.length / 2));
    default:
      return send(response, 200, '{"unexpected":[1,2,3]}');
  }
}

function sendStatus(fault: Extract<Fault, { kind: 'STATUS' }>, response: ServerResponse): void {
  const { status, body, retryAfter, bannedUntil } = fault;
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  if (body === 'NONE') return send(response, status, '');
  if (body === 'HTML') return send(response, status, PAGE, 'text/html');
  const limited = status === 429 || status === 418;
  const until = bannedUntil === undefined ? '' : ` IP banned until ${bannedUntil}.`;
  const answer = limited
    ? {
        code: -1003,
        msg: `Way too much request weight used;${until} Please use WebSocket Streams.`,
      }
    : { code: -1000, msg: 'An unknown error occurred while processing the request.' };
  send(response, status, JSON.stringify(answer));
}

const MEBIBYTE = 1024 * 1024;

/** Spaces, which JSON allows before a value: the longest answer that could still be one. */
function sendFlood(fault: Extract<Fault, { kind: 'FLOOD' }>, response: ServerResponse): void {
  const count = Math.ceil(fault.bytes / MEBIBYTE);
  const spaces = Readable.from(Array.from({ length: count }, () => Buffer.alloc(MEBIBYTE, ' ')));
  if (fault.packed) response.setHeader('content-encoding', 'gzip');
  else response.setHeader('content-length', count * MEBIBYTE);
  response.writeHead(200);
  // Whoever asked may end it at any time.
  const done = (): void => undefined;
  if (fault.packed) pipeline(spaces, createGzip(), response, done);
  else pipeline(spaces, response, done);
}

function trickle(response: ServerResponse): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
}
