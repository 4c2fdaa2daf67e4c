// Server CPU for each delivered message, as a multiple of one prebuilt frame to every socket.
import { benchReturning, benchStalled } from './crowd.mjs';
import { median, startClients, startServer } from './measure.mjs';

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
    const clients = [];
    for (const kind of kinds) {
      const server = await startServer(kind, size);
      const query = kind === 'push-limit' ? '' : SUBSCRIPTIONS[size];
      clients.push(await startClients(server.port, subscribers, query));
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
    for (const { stop } of [...clients, ...servers]) await stop();
  }
  return [
    { title: 'push: server CPU for each delivered message', rows },
    await benchStalled({ quick }),
    await benchReturning({ quick }),
  ];
}
