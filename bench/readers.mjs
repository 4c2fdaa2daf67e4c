// Sockets that subscribe, read and count, in a process of their own: they look at nothing, so that the
// server is what the machine works for.
// `node readers.mjs <port> <count> <subscribe payload> <extensions offered>`.
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { setInterval } from 'node:timers';

const BATCH = 250;
const [port, count] = [Number(process.argv[2]), Number(process.argv[3])];
const [payload, extensions] = [JSON.parse(process.argv[4]), process.argv[5]];
/** An empty pong, masked with zeros: who answers no ping is taken for dead. */
const PONG = Buffer.of(0x8a, 0x80, 0, 0, 0, 0);
/** All sockets read into the same place. */
const buffer = Buffer.alloc(256 * 1024);
const open = new Set();
let read = 0;

function openSocket() {
  return new Promise((resolve, reject) => {
    let answers = 0;
    const callback = (length) => {
      read += length;
      if (++answers === 1) socket.write(clientFrame({ type: 'connection_init' }));
      else if (answers === 2) {
        // As clients do it, each has ids of its own.
        socket.write(clientFrame({ type: 'subscribe', id: randomUUID(), payload }));
        resolve();
      }
      return true;
    };
    const socket = net.connect({ port, host: '127.0.0.1', onread: { buffer, callback } });
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', reject);
    socket.write(
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n' +
        (extensions ? `Sec-WebSocket-Extensions: ${extensions}\r\n` : '') +
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
process.on('message', () => process.send(read));
setInterval(() => {
  for (const socket of open) socket.write(PONG);
}, 5_000).unref();
process.on('disconnect', () => process.exit(0));
process.send('ready');
