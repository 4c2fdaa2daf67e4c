// WebSockets that look at what they get: whether turns come in order, and none is missing.
// `node listeners.mjs <port> <count> <query> <after>`.
import WebSocket from 'ws';

const BATCH = 100;
const [port, count] = [Number(process.argv[2]), Number(process.argv[3])];
const [query, after] = [process.argv[4], JSON.parse(process.argv[5])];
/** By socket: the last turn. */
const lasts = [];
let faults = 0;

function open(n) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    lasts[n] = after;
    socket.on('error', reject);
    socket.on('close', () => faults++);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const text = data.toString('latin1', 0, 120);
      if (text.includes('"connection_ack"')) {
        const payload = { query, ...(after !== null && { variables: { after } }) };
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }), resolve);
        return;
      }
      const turn = Number(/"turn":(\d+)/.exec(text)?.[1]);
      if (!(lasts[n] === null || turn === lasts[n] + 1)) faults++;
      lasts[n] = turn;
    });
  });
}

process.on('message', () => {
  const reached = lasts.map((turn) => turn ?? 0);
  process.send({ least: Math.min(...reached), most: Math.max(...reached), faults });
});
process.on('disconnect', () => process.exit(0));
process.send('started');
for (let at = 0; at < count; at += BATCH) {
  await Promise.all(Array.from({ length: Math.min(BATCH, count - at) }, (_, n) => open(at + n)));
}
