// Server CPU for each delivered message, as a multiple of one prebuilt frame to every socket.
import net from 'node:net';
import { median, startServer } from './measure.mjs';

const ROUNDS = 7;
const SUBSCRIPTIONS = {
  9: 'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK]) { values } } }',
  50: 'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK, ID_DELTA, ID_PERCENT, ID_PCT, QUANTID]) { values } } }',
};

/** @param {{ quick: boolean }} options */
export async function benchPush({ quick }) {
  const cases = quick
    ? [
        [9, 1_000],
        [50, 200],
      ]
    : [
        [9, 1_000],
        [9, 5_000],
        [9, 10_000],
        [50, 1_000],
      ];
  const rows = [];
  for (const [size, subscribers] of cases) {
    const kinds = ['push-limit', 'push-ours', ...(subscribers <= 1_000 ? ['push-stock'] : [])];
    const figures = {};
    const servers = [];
    for (const kind of kinds) {
      const server = await startServer(kind, size);
      await subscribe(server, subscribers, kind === 'push-limit' ? null : SUBSCRIPTIONS[size]);
      await server.ask('push');
      servers.push(server);
      figures[kind] = [];
    }
    // In turns, so that what else the machine does meets all of them.
    for (let round = 0; round < ROUNDS; round++) {
      for (const server of servers) figures[server.kind].push(await server.ask('push'));
    }
    const perMessage = (kind) =>
      figures[kind] && median(figures[kind].map(({ cpuUs }) => cpuUs)) / subscribers;
    const rss = (kind) =>
      Math.round(Math.max(...figures[kind].map((figure) => figure.rss)) / 2 ** 20);
    const limit = perMessage('push-limit');
    rows.push({
      N: size,
      subscribers,
      'limit µs': limit,
      'ours µs': perMessage('push-ours'),
      'ours / limit': perMessage('push-ours') / limit,
      'stock / ours': figures['push-stock']
        ? perMessage('push-stock') / perMessage('push-ours')
        : '-',
      'ours MB': rss('push-ours'),
    });
    for (const server of servers) await server.stop();
  }
  return { title: 'push: server CPU for each delivered message', rows };
}

/** Opens sockets that read and forget. */
async function subscribe({ port }, count, query) {
  const batch = 250;
  for (let at = 0; at < count; at += batch) {
    const opened = Array.from({ length: Math.min(batch, count - at) }, () =>
      openSocket(port, query),
    );
    await Promise.all(opened);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
}

function openSocket(port, query) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let stage = 0;
    socket.on('error', reject);
    socket.on('data', () => {
      stage++;
      if (stage === 1) {
        if (query === null) return resolve(socket);
        socket.write(clientFrame({ type: 'connection_init' }));
      } else if (stage === 2) {
        socket.write(clientFrame({ type: 'subscribe', id: '1', payload: { query } }));
        resolve(socket);
      }
    });
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
        'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
  });
}

/** A text frame masked with zeros, as long as it is short. */
function clientFrame(message) {
  const body = Buffer.from(JSON.stringify(message));
  const header =
    body.length < 126
      ? Buffer.of(0x81, 0x80 | body.length)
      : Buffer.of(0x81, 0xfe, body.length >> 8, body.length & 0xff);
  return Buffer.concat([header, Buffer.alloc(4), body]);
}
