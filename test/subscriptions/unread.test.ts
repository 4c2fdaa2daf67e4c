import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, query, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameOf, messageOf, UnreadConnection } from '../support/flood.js';
import { metric } from '../support/metrics.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { turnReached } from '../support/turns.js';
import { inTime, until } from '../support/until.js';

const MEGABYTE = 1024 * 1024;
const ASSETS = ['USDT', 'BTC', 'ETH', ...Array.from({ length: 97 }, (_, n) => `A${n}`)];
const database = useDatabase();
let app: RunningApp;

/** The server's ends of the connections, by the port of the other end. */
const served = new Map<number, Socket>();
function keep(message: unknown): void {
  const { socket } = message as { readonly socket: Socket };
  served.set(socket.remotePort ?? 0, socket);
}

beforeAll(async () => {
  subscribe('net.server.socket', keep);
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `unread_${process.pid}`,
      DATA_DIR: database.dataDir,
      ASSETS: ASSETS.join(','),
      CYCLE_INTERVAL_MS: '200',
      REQUESTS_PER_MINUTE: '0',
    },
    { market },
  );
  await turnReached(app, 3);
});
afterAll(async () => {
  unsubscribe('net.server.socket', keep);
  await app.stop();
});

const ask = (id: number | string, document: string, rest: object = {}): Buffer =>
  messageOf({ type: 'subscribe', id: String(id), payload: { query: document, ...rest } });

const LARGE = `{ latestCycle { ${Array.from({ length: 25 }, (_, n) => `a${n}: matrices { values }`).join(' ')} } }`;

/** What a client sends without an end. */
const FLOODS: Readonly<Record<string, (n: number) => Buffer>> = {
  'pings with 60 KB': () => messageOf({ type: 'ping', payload: { x: 'x'.repeat(60_000) } }),
  'pings with 900 bytes': () => messageOf({ type: 'ping', payload: { x: 'x'.repeat(900) } }),
  'pings of WebSocket itself': () => frameOf('p'.repeat(125), 9),
  'pongs of WebSocket itself': () => frameOf('p'.repeat(125), 10),
  'invalid subscriptions of 40 KB': (n) => ask(n, `subscription { ${'x'.repeat(40_000)} }`),
  'documents of 40 KB that cannot be parsed': (n) => ask(n, `{ a(b: ${'x'.repeat(40_000)}`),
  'small queries': (n) => ask(n, '{ __typename }'),
  'queries with large answers': (n) => ask(n, LARGE),
  'subscriptions that it completes at once': () =>
    Buffer.concat([
      ask('a', 'subscription { cycleCompleted(after: 0) { turn matrices { values } } }'),
      messageOf({ type: 'complete', id: 'a' }),
    ]),
  'subscriptions past their number': (n) =>
    ask(n, 'subscription { cycleCompleted(after: 0) { turn matrices { values } } }'),
  'subscriptions that run alone': (n) =>
    ask(n, 'subscription { cycleCompleted(after: 0) { turn matrices { values } } }', {
      extensions: { cost: true },
    }),
  'pieces of one message': (n) => frameOf('x', n === 0 ? 1 : 0, false),
  nothing: () => frameOf('p', 10),
};

describe('a client that reads nothing', () => {
  it('is closed whatever it sends, holds little of the memory, and costs the others no cycle', async () => {
    const reader = await RawSocket.open(app);
    reader.subscribe('subscription { cycleCompleted { turn } }');
    const turns: number[] = [];
    let isOver = false;
    const reading = (async () => {
      while (!isOver) {
        const { payload } = (await reader.next()) as {
          payload: { data: { cycleCompleted: { turn: number } } };
        };
        turns.push(payload.data.cycleCompleted.turn);
      }
    })();

    const most = new Map<string, number>();
    const clients = await Promise.all(
      Object.entries(FLOODS).map(async ([name, make]) => {
        const client = await UnreadConnection.open(app.url);
        client.write(messageOf({ type: 'connection_init' }));
        await until(
          `the server's end of the connection that floods with ${name}`,
          () => served.get(client.port),
          (socket) => socket !== undefined,
        );
        const socket = served.get(client.port) as Socket;
        const stop = new AbortController();
        // A client that reads nothing does not see that it was closed: the server's end tells.
        const closed = once(socket, 'close').then(() => stop.abort());
        const flooding = name === 'nothing' ? null : client.flood(make, stop.signal);
        return { name, socket, over: Promise.all([closed, flooding]).then(() => client.destroy()) };
      }),
    );
    const sampler = setInterval(() => {
      for (const { name, socket } of clients) {
        most.set(name, Math.max(most.get(name) ?? 0, socket.writableLength));
      }
    }, 5);
    const open = new Set(clients.map(({ name }) => name));
    const over = clients.map((each) => each.over.then(() => open.delete(each.name)));
    await inTime(
      'each to be closed',
      Promise.all(over),
      () => `open are ${[...open].join()}`,
      100_000,
    );
    clearInterval(sampler);
    isOver = true;
    await reading;

    const largest = Buffer.byteLength(JSON.stringify(await query(app, LARGE)));
    for (const [name, bytes] of most) {
      expect(bytes, name).toBeLessThan(1.1 * MEGABYTE + largest);
    }
    expect(turns.length).toBeGreaterThan(3);
    expect(turns).toEqual(turns.map((_, at) => (turns[0] as number) + at));
    // Who sends too much may be closed for that first.
    expect(await metric(app, 'dynamics_slow_consumers_total')).toBeGreaterThan(0);
    await until(
      'one subscriber to be left',
      () => metric(app, 'dynamics_subscribers'),
      (count) => count === 1,
    );
    reader.close();
    await until(
      'all sockets to be closed',
      () => metric(app, 'dynamics_sockets'),
      (count) => count === 0,
    );
  });
});
