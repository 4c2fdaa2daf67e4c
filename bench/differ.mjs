// Subscriptions that all differ, each executed for itself; and how much later others' pushes are for it.
import { median, startClients, startServer } from './measure.mjs';

const ROUNDS = 15;
/** So far apart that nobody takes two cycles for one, milliseconds. */
const APART_MS = 250;
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
    // Those that differ are there first, so that nothing is in their favour who come after.
    const others = differing > 0 && (await startClients(server.port, differing, DIFFERING));
    const shared = await startClients(server.port, 100, SHARED);
    for (let round = 0; round < 5; round++) await pushApart(server);
    await shared.arrivals();
    const figures = [];
    for (let round = 0; round < ROUNDS; round++) figures.push(await pushApart(server));
    const arrivals = await shared.arrivals();
    const lateMs = arrivals.map(
      ({ last }, at) => Number(BigInt(last) - BigInt(figures[at].begun)) / 1e6,
    );
    const least = (name) => Math.min(...figures.map((figure) => figure[name]));
    rows.push({
      'that all differ': differing,
      'that are the same': 100,
      'CPU ms a cycle': least('cpuUs') / 1e3,
      'wall ms, median': median(figures.map(({ wallUs }) => wallUs)) / 1e3,
      'ms until all that are the same have it, median': median(lateMs),
      'µs for each that differs':
        differing && (least('cpuUs') - rows[0]['CPU ms a cycle'] * 1e3) / differing,
    });
    await shared.stop();
    if (others) await others.stop();
    await server.stop();
  }
  return { title: 'push: subscriptions that all differ', rows };
}

async function pushApart(server) {
  const figures = await server.ask('push');
  await new Promise((resolve) => setTimeout(resolve, APART_MS));
  return figures;
}
