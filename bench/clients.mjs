// Sockets that read and forget, in a process of their own. `node clients.mjs <port> <count> <query>`;
// without a query they only shake hands.
import net from 'node:net';

const BATCH = 250;
const [port, count, query] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];

function openSocket() {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1');
    let stage = 0;
    socket.on('error', reject);
    socket.on('data', () => {
      stage++;
      if (stage === 1) {
        if (query === '') return resolve(socket);
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

for (let at = 0; at < count; at += BATCH) {
  await Promise.all(Array.from({ length: Math.min(BATCH, count - at) }, openSocket));
}
process.on('disconnect', () => process.exit(0));
process.send('ready');
