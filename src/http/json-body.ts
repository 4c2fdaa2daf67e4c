import type { IncomingMessage, ServerResponse } from 'node:http';
import { DEEPEST_JSON } from '../operate/operation-limits.js';
import { levelsOfJson } from '../operate/values.js';

/** What a body says, where it is as it should be; null where there is something to be said against it. */
export function parsePlain(raw: Buffer): object | null {
  if (levelsOfJson(raw) > DEEPEST_JSON) return null;
  try {
    const body: unknown = JSON.parse(raw.toString());
    return typeof body === 'object' ? body : null;
  } catch {
    return null;
  }
}

/** @throws an error with a status, for a body that would take long to read */
export function refuseDeepJson(
  _request: IncomingMessage,
  _response: ServerResponse,
  body: Buffer,
): void {
  const levels = levelsOfJson(body);
  if (levels <= DEEPEST_JSON) return;
  const message = `levels of JSON: ${DEEPEST_JSON} are allowed, not ${levels}`;
  throw Object.assign(new Error(message), { status: 400 });
}
