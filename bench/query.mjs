// Server CPU for each answer with an NxN matrix, as a multiple of a bare server that stringifies it.
import http from 'node:http';
import { median, startServer } from './measure.mjs';

const ROUNDS = 7;
const CONNECTIONS = 16;
const KINDS = ['query-bare', 'query-apollo', 'query-mercurius', 'query-ours'];

/** @param {{ quick: boolean }} options */
export async function benchQuery({ quick }) {
  const rows = [];
  for (const size of quick ? [9, 50] : [9, 50, 100, 300]) {
    const requests = size <= 50 ? 1_000 : size <= 100 ? 400 : 60;
    const servers = [];
    const figures = {};
    const memory = {};
    for (const kind of KINDS) {
      const server = await startServer(kind, size);
      const client = clientOf(server, kind === 'query-ours' ? 'ID_DELTA' : '"ID_DELTA"', {
        isNew: true,
      });
      // Compiled by then, as in a server that has run for a while.
      await load(client, 8 * requests);
      servers.push({ ...server, client });
      figures[kind] = [];
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { kind, ask, client } of servers) {
        const before = await ask('cpu');
        await load(client, requests);
        const after = await ask('cpu');
        figures[kind].push((after.cpuUs - before.cpuUs) / requests);
        memory[kind] = Math.max(memory[kind] ?? 0, after.rss);
      }
    }
    const cpu = (kind) => median(figures[kind]);
    rows.push({
      N: size,
      'bare µs': cpu('query-bare'),
      'ours / bare': cpu('query-ours') / cpu('query-bare'),
      'apollo / bare': cpu('query-apollo') / cpu('query-bare'),
      'mercurius jit / bare': cpu('query-mercurius') / cpu('query-bare'),
      'ours MB': Math.round(memory['query-ours'] / 2 ** 20),
    });
    for (const { stop } of servers) await stop();
  }
  return [{ title: 'query: server CPU for each answer', rows }];
}

/** Sends so many requests, over all connections at once. */
export async function load(client, requests) {
  let left = requests;
  const work = async () => {
    while (left-- > 0) await client();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
}

/** @param isNew whether each question differs from those before, so that none is answered with what is kept */
export function clientOf({ port }, kind, { isNew = false, headers = {} } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const query = `{ latestCycle { turn matrix(kind: ${kind}) { values } } }`;
  let asked = 0;
  const bodyOf = () => JSON.stringify({ query, extensions: { asked: isNew ? asked++ : 0 } });
  return () =>
    new Promise((resolve, reject) => {
      const body = bodyOf();
      const request = http.request(
        {
          port,
          host: '127.0.0.1',
          path: '/graphql',
          method: 'POST',
          agent,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...headers,
          },
        },
        (response) => {
          if (![200, 304].includes(response.statusCode))
            reject(new Error(`HTTP ${response.statusCode}`));
          response.resume().on('end', () => resolve(response));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
}
