import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Viewer } from '../../src/graphql/rights.js';
import { exportRoute, type ExportRouteOptions } from '../../src/http/export-route.js';
import { sendFault } from '../../src/http/rest.js';
import { HeavyWork } from '../../src/scheduling/heavy-work.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { asked } from '../support/exports.js';
import { KeptAnswersApp } from '../support/kept-answers.js';
import { keptLogger } from '../support/logs.js';
import { until } from '../support/until.js';

const served = new KeptAnswersApp();

describe('GET /export', () => {
  it('sends rows in each format, named as a file', async () => {
    const csv = await served.send('/export?cells=BTC/USDT,ETH/BTC');
    expect(csv.status).toBe(200);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="cells.csv"');
    expect(csv.body.toString()).toMatch(/^turn,observedAt,BTC\/USDT,ETH\/BTC\r\n1,2023-/);
    const parquet = await served.send('/export?cells=BTC/USDT&format=parquet');
    expect(parquet.body.subarray(0, 4).toString()).toBe('PAR1');
    const frames = await served.send('/export?frames=true&format=jsonl');
    expect(JSON.parse(frames.body.toString())).toMatchObject({ turn: 1, source: 'script' });
  });

  it('answers 304 to who has it, until there is another turn in it, and HEAD without a body', async () => {
    const path = '/export?cells=BTC/USDT&every=1h';
    const { headers, body } = await served.send(path);
    const etag = headers.etag as string;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const again = await served.send(path, { headers: { 'if-none-match': etag } });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag]);
    const head = await fetch(served.app.url + path, {
      method: 'HEAD',
      headers: { authorization: served.viewer },
    });
    expect([head.status, head.headers.get('etag')]).toEqual([200, etag]);
    await served.nextTurn();
    const next = await served.send(path, { headers: { 'if-none-match': etag } });
    expect([next.status, next.body.equals(body)]).toEqual([200, false]);
  });

  it.each([
    ['/export', 400, 'cells: expected BASE/QUOTE'],
    ['/export?cells=BTC/XYZ', 400, 'cells: has XYZ, which is not in the universe'],
    ['/export?cells=BTC/USDT&to=start&from=now', 400, 'from: is after to'],
    ['/export?cells=BTC/USDT&cells=ETH/BTC', 400, 'cells: expected once'],
    ['/export?cells=BTC/USDT&columns=1', 400, 'columns: no such parameter; known: format'],
  ])('%s: %i %s', async (path, status, words) => {
    const answer = await served.send(path);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect((JSON.parse(answer.body.toString()) as { detail: string }).detail).toContain(words);
  });

  it('is for whoever may read', async () => {
    const path = '/export?cells=BTC/USDT';
    const answer = await served.send(path, { headers: { authorization: 'Bearer no.such.token' } });
    expect(answer.status).toBe(401);
  });
});

/** The route over an export without end, and calls of it. */
function endless(piece = Buffer.alloc(64 * 1024)) {
  const heavy = new HeavyWork({ underWay: 1, underWayOfOne: 1, waiting: 9, waitingOfOne: 9 });
  const counts = { made: 0, ended: 0 };
  const options = {
    exporter: {
      plan: () => Promise.resolve({ request: asked({ cells: 'A/B' }), tag: 'tag', cost: 1 }),
      async *pieces() {
        try {
          for (;;) {
            await new Promise(setImmediate);
            counts.made++;
            yield { bytes: [piece], turn: 1 };
          }
        } finally {
          counts.ended++;
        }
      },
    },
    callers: {
      callerOf: ({ headers }: IncomingMessage) => ({ client: String(headers['x-client']) }),
      charge: () => Promise.resolve(),
      place: ({ client }: Viewer, ended?: AbortSignal) => heavy.acquire(client, ended),
      contextOf(_request: IncomingMessage, response: express.Response) {
        const ended = new AbortController();
        response.once('close', () => ended.abort(new Error('gone')));
        return { pace: UNPACED, ended: ended.signal };
      },
    },
    log: keptLogger(),
  };
  const app = express();
  const route = exportRoute(options as unknown as ExportRouteOptions);
  app.get('/', (request, response) =>
    route(request, response).catch((error: unknown) => sendFault(response, error)),
  );
  const server = createServer(app).listen(0);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const call = (client: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, path: '/?cells=A/B', headers: { 'x-client': client }, agent: false }, resolve).on(
        'error',
        reject,
      );
    });
  return { heavy, counts, call };
}

describe('an export that is under way', () => {
  it('ends with its client', async () => {
    const { heavy, counts, call } = endless();
    const answer = await call('a');
    answer.resume();
    await until(
      'some of it',
      () => counts.made,
      (made) => made > 20,
    );
    answer.destroy();
    await until(
      'its end',
      () => counts.ended,
      (ended) => ended === 1,
    );
    expect(heavy.underWay).toBe(0);
  });

  it('makes no more than a client takes, and holds nobody while it waits for one', async () => {
    const { heavy, counts, call } = endless();
    const slow = await call('slow');
    let before = -1;
    await until(
      'no more of it to be made',
      () => [before, (before = counts.made)] as const,
      ([earlier, now]) => earlier === now && now > 0 && heavy.underWay === 0,
    );
    const other = await call('other');
    other.resume();
    await until(
      'another to go on',
      () => counts.made,
      (made) => made > before + 200,
    );
    slow.destroy();
    other.destroy();
  });

  it('has its client open so many, and says when it may come again', async () => {
    const { call } = endless();
    const open = await Promise.all(['a', 'a', 'a', 'a', 'b'].map(call));
    expect(open.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
    const refused = await call('a');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '30']);
    for (const each of open) each.destroy();
  });
});
