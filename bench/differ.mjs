// Subscriptions that all differ, each executed for itself; and how much later others' pushes are for it.
import { median, startClients, startServer } from './measure.mjs';

const ROUNDS = 15;
const SHARED =
  'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK]) { values } } }';
/** No two are the same text, so that none shares with another. */
const DIFFERING = `subscription S# { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK]) { values } } }`;

/** @param {{ quick: boolean }} options */
export async function benchDiffering({ quick }) {
  const count = quick ? 200 : 1_000;
  const rows = [];
  for (const differing of [0, count]) {
    const server = await startServer('push-ours', 9);
    const shared = await startClients(server.port, 100, SHARED);
    const others = differing > 0 && (await startClients(server.port, differing, DIFFERING));
    for (let round = 0; round < 5; round++) await server.ask('push');
    const figures = [];
    for (let round = 0; round < ROUNDS; round++) figures.push(await server.ask('push'));
    const least = (name) => Math.min(...figures.map((figure) => figure[name]));
    rows.push({
      'that all differ': differing,
      'that are the same': 100,
      'CPU ms a cycle': least('cpuUs') / 1e3,
      'wall ms, median': median(figures.map(({ wallUs }) => wallUs)) / 1e3,
      'µs for each that differs':
        differing && (least('cpuUs') - rows[0]['CPU ms a cycle'] * 1e3) / differing,
    });
    await shared.stop();
    if (others) await others.stop();
    await server.stop();
  }
  return { title: 'push: subscriptions that all differ', rows };
}
