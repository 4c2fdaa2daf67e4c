// The servers that are measured, each in a process of its own. `node servers.mjs <kind> <size>`.
import 'reflect-metadata';
import http from 'node:http';
import { pino } from 'pino';
import { CycleFeed } from '../dist/feeds/cycle-feed.js';
import { createSchema } from '../dist/graphql/schema.js';
import { cyclesOf, memoryStore, servicesOver, windowsOver } from './fixture.mjs';
import { pushServers } from './push-servers.mjs';

const [kind, size] = [process.argv[2], Number(process.argv[3])];
const log = pino({ level: 'silent' });
const cycles = cyclesOf(size);
const store = memoryStore();
const feed = new CycleFeed(store);
const { windows, add } = windowsOver(store);
const announce = (figures) => {
  store.add(figures);
  add(figures);
  feed.announce(figures);
};
announce(cycles.next());
const viewer = { role: 'viewer', expiresAt: null, client: 'bench' };

/** Every kind gives a listening server, and what a push is where it pushes. */
const KINDS = {
  ...pushServers({ cycles, feed, store, windows, announce, viewer, log }),
  /** The whole system with its simulated exchange, on an embedded database of its own. */
  async whole() {
    const { startWhole } = await import('./whole.mjs');
    const [interval, stored = '0', more = '{}'] = process.argv.slice(4);
    return startWhole(cyclesOf(size), Number(interval), Number(stored), JSON.parse(more), log);
  },
  async 'query-bare'() {
    return {
      server: http.createServer((request, response) => {
        request.resume().on('end', () => {
          const text = JSON.stringify({ data: { latestCycle: payloadValues() } });
          response.writeHead(200, {
            'content-type': 'application/json; charset=utf-8',
            'content-length': Buffer.byteLength(text),
          });
          response.end(text);
        });
      }),
    };
  },
  /** Writes one prebuilt answer, or 304 to whoever says what it has: nothing can be quicker. */
  async 'kept-bare'() {
    const body = Buffer.from(JSON.stringify({ data: { latestCycle: payloadValues() } }));
    return {
      server: http.createServer((request, response) => {
        request.resume().on('end', () => {
          if (request.headers['if-none-match']) return response.writeHead(304).end();
          response.writeHead(200, {
            'content-type': 'application/json; charset=utf-8',
            'content-length': body.length,
          });
          response.end(body);
        });
      }),
    };
  },
  /** Apollo as it comes, with its own HTTP server. */
  async 'query-apollo'() {
    const { ApolloServer } = await import('@apollo/server');
    const { startStandaloneServer } = await import('@apollo/server/standalone');
    const apollo = new ApolloServer({ typeDefs: NAIVE_SDL, resolvers: NAIVE_RESOLVERS });
    const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1' } });
    return { port: Number(new URL(url).port) };
  },
  /** Mercurius over Fastify, with operations compiled at their first use. */
  async 'query-mercurius'() {
    const { default: Fastify } = await import('fastify');
    const { default: mercurius } = await import('mercurius');
    const app = Fastify();
    app.register(mercurius, { schema: NAIVE_SDL, resolvers: NAIVE_RESOLVERS, jit: 1 });
    return { port: Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port) };
  },
  async 'query-ours'() {
    const latest = feed.latest.bind(feed);
    let executions = 0;
    feed.latest = () => {
      executions++;
      return latest();
    };
    const { startHttpServer } = await import('../dist/http/http-server.js');
    const { Metrics } = await import('../dist/http/metrics.js');
    const { TrustedProxies } = await import('../dist/http/trusted-proxies.js');
    const running = await startHttpServer({
      schema: await createSchema(),
      services: servicesOver({ universe: cycles.universe, feed, store }),
      config: {
        host: '127.0.0.1',
        port: 0,
        basePath: '',
        trustedProxies: TrustedProxies.NONE,
        corsOrigins: [],
        apiSecretKey: null,
        requestsPerMinute: 100_000_000,
        connectionsPerClient: 1_000_000,
      },
      openRole: 'viewer',
      metrics: new Metrics(),
      log,
    });
    return {
      port: Number(new URL(running.url).port),
      asks: {
        announce: () => announce(cycles.next()),
        /** How often the newest cycle was read for an answer so far. */
        executions: () => executions,
      },
    };
  },
};

const NAIVE_SDL = `
  type Matrix { values: [[Float]!]! }
  type Cycle { turn: Int! matrix(kind: String!): Matrix }
  type Query { latestCycle: Cycle }
`;
const NAIVE_RESOLVERS = { Query: { latestCycle: () => payloadValues() } };

function rowsOf({ universe, cells }) {
  const n = universe.length;
  return universe.map((_, i) => Array.from(cells.subarray(i * n, (i + 1) * n)));
}

let values = null;
/** What the naive servers answer with, as nested lists. */
function payloadValues() {
  return (values ??= { turn: 1, matrix: { values: rowsOf(latest.matrix('ID_DELTA')) } });
}
const latest = await feed.latest();

const made = await KINDS[kind]();
const connections = new Set();
made.server?.on('connection', (socket) => {
  connections.add(socket);
  socket.on('close', () => connections.delete(socket));
});
if (made.server) await new Promise((resolve) => made.server.listen(0, '127.0.0.1', resolve));
const port = made.port ?? made.server.address().port;

/**
 * Pushes one cycle; resolves when every socket has it, but for so many that read nothing: CPU and wall
 * time in microseconds.
 */
async function push(stalled = 0) {
  const figures = cycles.next();
  const before = new Map([...connections].map((socket) => [socket, socket.bytesWritten]));
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  made.push(figures);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    let waiting = 0;
    for (const [socket, bytes] of before) {
      if (socket.destroyed || (socket.writableLength === 0 && socket.bytesWritten > bytes))
        continue;
      if (++waiting > stalled) break;
    }
    if (waiting <= stalled) break;
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    // As text: nanoseconds of this machine's clock.
    begun: String(wall),
    cpuUs: user + system,
    wallUs: Number(process.hrtime.bigint() - wall) / 1e3,
    rss: process.memoryUsage.rss(),
  };
}

process.on('message', async ({ id, type, ...more }) => {
  if (type === 'push') process.send({ id, result: await push(more.stalled) });
  if (type === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send({ id, result: { cpuUs: user + system, rss: process.memoryUsage.rss() } });
  }
  if (type === 'connections') process.send({ id, result: connections.size });
  if (Object.hasOwn(made.asks ?? {}, type))
    process.send({ id, result: await made.asks[type](more) });
});
process.on('disconnect', () => process.exit(0));
process.send({ id: 'ready', result: { port } });
