import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

/** Members of a problem beside the standard ones. */
export interface ProblemDetails {
  /** A stable code, as in GraphQL's `extensions.code`. */
  readonly code?: string;
  readonly [member: string]: unknown;
}

/** Answers with an error as `application/problem+json` (RFC 9457). */
export function sendProblem(
  response: Response,
  status: number,
  detail: string,
  more: ProblemDetails = {},
): void {
  response
    .status(status)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ title: STATUS_CODES[status] ?? 'Error', status, detail, ...more }));
}
