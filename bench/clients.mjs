// Sockets that read and forget, in a process of their own.
// `node clients.mjs <port> <count> <query> <stalled>`: without a query they only shake hands; so many
// of them read nothing once they are subscribed.
import net from 'node:net';
import { setInterval } from 'node:timers';
import { clientFrame, PONG, upgradeRequest } from './raw-socket.mjs';

const BATCH = 250;
const [port, count] = [Number(process.argv[2]), Number(process.argv[3])];
const [query, stalled] = [process.argv[4], Number(process.argv[5])];
const open = new Set();
let subscribed = 0;
/** Stands for `#` in the query, so that operations can differ. */
let asked = 0;
/** When each socket had something to read, nanoseconds of this machine's clock. */
const times = [];

function openSocket() {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let stage = 0;
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', reject);
    socket.on('data', () => {
      stage++;
      if (stage > 2) times.push(process.hrtime.bigint());
      if (stage === 1) {
        if (query === '') return resolve(socket);
        socket.write(clientFrame({ type: 'connection_init' }));
      } else if (stage === 2) {
        socket.write(
          clientFrame({
            type: 'subscribe',
            id: '1',
            payload: { query: query.replace('#', String(++asked)) },
          }),
        );
        if (++subscribed <= stalled) socket.pause();
        resolve(socket);
      }
    });
    socket.write(upgradeRequest());
  });
}

for (let at = 0; at < count; at += BATCH) {
  await Promise.all(Array.from({ length: Math.min(BATCH, count - at) }, openSocket));
}
// What came at once, cycle by cycle, where every socket had its message.
process.on('message', () => {
  const bursts = [];
  for (const at of times.splice(0)) {
    const burst = bursts.at(-1);
    if (burst && at - burst.at(-1) < 100_000_000n) burst.push(at);
    else bursts.push([at]);
  }
  process.send(
    bursts
      .filter((burst) => burst.length === count)
      .map((burst) => ({
        first: String(burst[0]),
        middle: String(burst[count >> 1]),
        last: String(burst[count - 1]),
      })),
  );
});
setInterval(() => {
  for (const socket of open) if (!socket.isPaused()) socket.write(PONG);
}, 5_000).unref();
process.on('disconnect', () => process.exit(0));
process.send('ready');
