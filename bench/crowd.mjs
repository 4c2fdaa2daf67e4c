// Clients that do not read, and clients that come back all at once.
import { median, startClients, startListeners, startServer } from './measure.mjs';

const FIVE =
  'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK, ID_DELTA, ID_PERCENT, ID_PCT, QUANTID]) { values } } }';
const RETURNING =
  'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrices(kinds: [ID_BENCHMARK]) { values } } }';

/** 50 clients that read nothing, among 5,000: what it costs the others. */
export async function benchStalled({ quick }) {
  const [subscribers, few] = quick ? [500, 5] : [5_000, 50];
  const rows = [];
  for (const stalled of [0, few]) {
    const server = await startServer('push-ours', 50);
    const clients = await startClients(server.port, subscribers, FIVE, stalled);
    const figures = [];
    for (let round = 0; round < 40; round++) figures.push(await server.ask('push', { stalled }));
    rows.push({
      N: 50,
      subscribers,
      stalled,
      'wall ms': median(figures.map(({ wallUs }) => wallUs)) / 1e3,
      'CPU µs a message': median(figures.map(({ cpuUs }) => cpuUs)) / subscribers,
      'most MB': Math.round(Math.max(...figures.map(({ rss }) => rss)) / 2 ** 20),
      'sockets left': await server.ask('connections'),
    });
    await clients.stop();
    await server.stop();
  }
  return { title: 'push: clients that stop reading', rows };
}

/** Clients that come back at once, each a hundred turns behind. */
export async function benchReturning({ quick }) {
  const [count, behind] = quick ? [200, 50] : [2_000, 100];
  const server = await startServer('whole', 9, 100);
  let latest = 0;
  while (latest <= behind) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    latest = await server.ask('latestTurn');
  }
  const before = await server.ask('memory');
  const start = performance.now();
  const listeners = await startListeners(server.port, count, RETURNING, latest - behind);
  let seen;
  do {
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await listeners.progress();
  } while (seen.least < latest);
  const caughtUp = performance.now() - start;
  // And then they stay: every turn, in order.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { faults, most } = await listeners.progress();
  const { rss, most: peak } = await server.ask('memory');
  await listeners.stop();
  await server.stop();
  return {
    title: 'push: clients that come back at once',
    rows: [
      {
        clients: count,
        'turns behind': behind,
        's to catch up': caughtUp / 1e3,
        'turns out of order or missed': faults,
        'live turns seen': most - latest,
        'MB before': Math.round(before.rss / 2 ** 20),
        'most MB': Math.round(peak / 2 ** 20),
        'MB after': Math.round(rss / 2 ** 20),
      },
    ],
  };
}
