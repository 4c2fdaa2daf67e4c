import { STATUS_CODES, type ServerResponse } from 'node:http';

/** Members of a problem beside the standard ones. */
export interface ProblemDetails {
  /** A stable code, as in GraphQL's `extensions.code`. */
  readonly code?: string;
  readonly [member: string]: unknown;
}

/** Answers with an error as `application/problem+json` (RFC 9457). */
export function sendProblem(
  response: ServerResponse,
  status: number,
  detail: string,
  more: ProblemDetails = {},
): void {
  const title = STATUS_CODES[status] ?? 'Error';
  const text = JSON.stringify({ title, status, detail, ...more });
  response
    .writeHead(status, {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    })
    .end(text);
}
