import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import fresh from 'fresh';
import { limitExceeded } from '../graphql/errors.js';
import { retryAfter } from '../operate/operation-limits.js';
import type { Logger } from '../log.js';
import { HeavyWork } from '../scheduling/heavy-work.js';
import { ExportFault, type Exporter, type ExportPlan } from '../transfer/exporter.js';
import {
  EXPORT_PARAMETERS,
  MEDIA_TYPES,
  readExport,
  type ExportRequest,
} from '../transfer/request.js';
import { REVALIDATED } from './caching.js';
import type { Callers } from './callers.js';
import { ParameterError } from './parameter-error.js';

/** How many exports may be open: each holds some megabytes of what its client has not taken yet. */
const OPEN = { underWay: 16, underWayOfOne: 4, waiting: 0, waitingOfOne: 0 };
/** When a client that was refused may come again, seconds. */
const RETRY_AFTER_S = 30;
/** How long a client may take nothing, milliseconds. */
const STALLED_MS = 5 * 60_000;

export interface ExportRouteOptions {
  readonly exporter: Pick<Exporter, 'plan' | 'pieces'>;
  readonly callers: Callers;
  readonly log: Logger;
}

/**
 * `GET /export`: what is stored as a stream of bytes. It works in slices as all heavy reading does, and has a
 * place among that only while it makes a piece: one that waits for its client holds nobody.
 */
export function exportRoute({ exporter, callers, log }: ExportRouteOptions) {
  const open = new HeavyWork(OPEN);
  return async (request: Request, response: Response): Promise<void> => {
    const viewer = await callers.callerOf(request);
    const plan = await planOf(exporter, requestOf(request));
    const etag = `"${plan.tag}"`;
    const head = { ETag: etag, 'Cache-Control': REVALIDATED, Vary: 'Authorization, Origin' };
    if (fresh(request.headers, { etag })) return void response.writeHead(304, head).end();
    const headers = { ...head, ...headersOf(plan.request) };
    if (request.method === 'HEAD') return void response.writeHead(200, headers).end();
    await callers.charge(viewer, plan.cost);
    const { pace, ended } = callers.contextOf(request, response, viewer);
    const full = open.fullFor(viewer.client);
    if (full) {
      const of = full.of === 'ALL' ? 'open exports' : 'open exports of one client';
      const allowed = full.of === 'ALL' ? OPEN.underWay : OPEN.underWayOfOne;
      const retry = retryAfter(RETRY_AFTER_S, full.of === 'ALL' ? 503 : 429);
      throw limitExceeded(of, allowed, allowed + 1, retry);
    }
    const leave = await open.acquire(viewer.client, ended);
    const pieces = exporter.pieces(plan, pace);
    try {
      for (;;) {
        const leavePlace = await callers.place(viewer, ended);
        const next = await pieces.next().finally(leavePlace);
        if (next.done) break;
        if (!response.headersSent) response.writeHead(200, headers);
        await send(response, next.value.bytes, ended);
      }
      response.end();
      const { turns } = plan.leftOut;
      if (turns.length > 0) log.warn({ turns: turns.slice(0, 10) }, 'left out of an export');
    } catch (error) {
      if (ended?.aborted) return;
      if (!response.headersSent) throw error;
      log.error({ err: error }, 'an export broke off');
      // Whoever reads it sees that it is not whole.
      response.destroy();
    } finally {
      await pieces.return(undefined).catch(() => undefined);
      leave();
    }
  };
}

function requestOf({ query }: Request): ExportRequest {
  const known: readonly string[] = EXPORT_PARAMETERS;
  for (const [name, given] of Object.entries(query)) {
    if (!known.includes(name)) {
      const words = `no such parameter; known: ${known.join(', ')}`;
      throw new ParameterError(`${name.slice(0, 40)}: ${words}`);
    }
    if (typeof given !== 'string') throw new ParameterError(`${name}: expected once`);
  }
  const read = readExport(query as Readonly<Record<string, string>>);
  if ('request' in read) return read.request;
  throw new ParameterError(
    read.faults.map(({ parameter, words }) => `${parameter}: ${words}`).join('; '),
  );
}

function planOf(exporter: Pick<Exporter, 'plan'>, request: ExportRequest): Promise<ExportPlan> {
  return exporter.plan(request).catch((error: unknown) => {
    throw error instanceof ExportFault ? new ParameterError(error.message) : error;
  });
}

function headersOf({ format, what }: ExportRequest) {
  return {
    'Content-Type': MEDIA_TYPES[format],
    'Content-Disposition': `attachment; filename="${what.toLowerCase()}.${format}"`,
  };
}

/** Resolves when the client has taken so much that there is room for more. */
async function send(
  response: ServerResponse<IncomingMessage>,
  pieces: readonly Uint8Array[],
  ended: AbortSignal | undefined,
): Promise<void> {
  let isRoom = true;
  for (const piece of pieces) isRoom = response.write(piece);
  if (isRoom) return;
  const timer = setTimeout(() => response.destroy(), STALLED_MS);
  try {
    await once(response, 'drain', ended && { signal: ended });
  } finally {
    clearTimeout(timer);
  }
}
