// From the last byte of the exchange's answer to the frame on every socket, against the journaled write.
import { median, startClients, startServer } from './measure.mjs';

const QUERY = 'subscription { cycleCompleted { turn matrices(kinds: [ID_BENCHMARK]) { values } } }';

/** @param {{ quick: boolean }} options */
export async function benchCycle({ quick }) {
  const rows = [];
  for (const subscribers of quick ? [1, 200] : [1, 1_000]) {
    const server = await startServer('whole', 9, 500);
    while ((await server.ask('latestTurn')) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const clients = await startClients(server.port, subscribers, QUERY);
    const turns = quick ? 10 : 40;
    const writes = [];
    for (let turn = 0; turn < turns; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      writes.push((await server.ask('journaledWrite')) / 1e6);
    }
    const ends = (await server.ask('exchangeEnds')).map(BigInt);
    const arrivals = await clients.arrivals();
    const delays = (when) =>
      median(
        arrivals.map((arrival) => {
          const at = BigInt(arrival[when]);
          const end = ends.filter((time) => time < BigInt(arrival.first)).at(-1);
          return Number(at - end) / 1e6;
        }),
      );
    const write = median(writes);
    rows.push({
      N: 9,
      subscribers,
      turns: arrivals.length,
      'write ms': write,
      'first ms': delays('first'),
      'middle ms': delays('middle'),
      'last ms': delays('last'),
      'first - write ms': delays('first') - write,
      'last - first ms': delays('last') - delays('first'),
    });
    await clients.stop();
    await server.stop();
  }
  return [{ title: "cycle: from the exchange's last byte to the sockets", rows }];
}
