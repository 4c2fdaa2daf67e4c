import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { countCosts } from '../../src/operate/cost.js';
import { createSchema } from '../../src/graphql/schema.js';
import { parse, type OperationDefinitionNode } from 'graphql';
import { query, type RunningApp } from '../support/app.js';
import { LimitedApp } from '../support/limited-app.js';
import { RawSocket } from '../support/socket.js';
import { until } from '../support/until.js';

const limited = new LimitedApp();
let app: RunningApp;
let socket: RawSocket;
beforeAll(() => void ({ app, socket } = limited));

describe('what a client uses is bounded', () => {
  it('in operations a minute, over HTTP and WebSocket together', async () => {
    const strict = await limited.start({ REQUESTS_PER_MINUTE: '5' });
    const other = await RawSocket.open(strict);
    for (let n = 0; n < 2; n++) {
      expect((await query(strict, '{ __typename }')).status).toBe(200);
      expect((await other.run('{ __typename }')).errors).toBeUndefined();
    }
    expect((await fetch(`${strict.url}/status`)).status).toBe(200);
    const details = { code: 'LIMIT_EXCEEDED', limit: 'operations a minute', allowed: 5 };
    const refused = await query(strict, '{ __typename }');
    expect(refused.status).toBe(429);
    expect(refused.errors?.[0]?.extensions).toMatchObject(details);
    // Nothing of what it sends is looked at any more.
    for (const document of ['{ not parsed', `{ __typename } ${'#'.repeat(60_000)}`]) {
      const unread = await query(strict, document);
      expect(unread.status).toBe(429);
      expect(unread.errors?.[0]?.extensions).toMatchObject(details);
    }
    expect((await other.run('{ __typename }')).errors?.[0]?.extensions).toMatchObject(details);
    const overRest = await fetch(`${strict.url}/status`);
    expect(overRest.status).toBe(429);
    expect(Number(overRest.headers.get('retry-after'))).toBeGreaterThan(0);
    await strict.stop();
  });

  it('in sockets', async () => {
    const strict = await limited.start({ CONNECTIONS_PER_CLIENT: '2' });
    const [first] = await Promise.all([RawSocket.open(strict), RawSocket.open(strict)]);
    const third = new WebSocket(
      `${strict.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    const [error] = (await once(third, 'error')) as [Error];
    expect(error.message).toMatch(/429/);
    first.close();
    await first.closeCode();
    await until(
      'the place of a socket that has closed',
      () => RawSocket.open(strict).catch(() => null),
      (opened) => opened !== null,
    );
    await strict.stop();
  });
});

describe('the cost', () => {
  it('is told on request, over HTTP and WebSocket', async () => {
    const document = '{ latestCycle { turn matrix(kind: QUANTID, bases: ["BTC"]) { values } } }';
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, extensions: { cost: true } }),
    });
    const cost = { requested: 303, allowed: 1_500_000 };
    expect(await response.json()).toMatchObject({ extensions: { cost } });
    expect(await socket.run(document, { extensions: { cost: true } })).toMatchObject({
      extensions: { cost },
    });
    expect(await socket.run(document)).not.toHaveProperty('extensions');
  });

  it('counts what is asked for: cycles by matrices by cells', async () => {
    const schema = await createSchema();
    const costOf = (text: string, variables: Record<string, unknown> = {}): number => {
      const document = parse(text);
      const operation = document.definitions[0] as OperationDefinitionNode;
      return countCosts({ schema, document, operation, variables, universeSize: 10 }).cost;
    };
    expect(costOf('{ status { version } }')).toBe(2);
    expect(costOf('{ latestCycle { matrix(kind: QUANTID) { values } } }')).toBe(102);
    expect(costOf('{ latestCycle { matrices { values } } }')).toBe(502);
    expect(costOf('{ latestCycle { matrices(kinds: [QUANTID]) { values } } }')).toBe(102);
    expect(costOf('{ latestCycle { assets { symbol quant } } }')).toBe(22);
    expect(costOf('{ cycles { nodes { turn } } }')).toBe(1 + 20 * 2);
    expect(costOf('{ cycles(last: 3) { nodes { matrix(kind: ID_PCT) { values } } } }')).toBe(
      1 + 3 * 102,
    );
    const byVariables =
      'query ($n: Int, $b: [String!]) { cycles(first: $n) { nodes { matrix(kind: ID_PCT, bases: $b) { values } } } }';
    expect(costOf(byVariables, { n: 7, b: ['BTC', 'ETH'] })).toBe(1 + 7 * 22);
    expect(
      costOf('{ latestCycle { ...F ...F } } fragment F on Cycle { matrices { values } }'),
    ).toBe(1 + 2 * 501);
  });
});
