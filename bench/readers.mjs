// Sockets that subscribe, read and count, in a process of their own: they look at nothing, so that the
// server is what the machine works for.
// `node readers.mjs <port> <count> <subscribe payload> <extensions offered, or text/event-stream>`.
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { setInterval } from 'node:timers';
import { clientFrame, PONG, upgradeRequest } from './raw-socket.mjs';

const BATCH = 250;
const [port, count] = [Number(process.argv[2]), Number(process.argv[3])];
const [payload, extensions] = [JSON.parse(process.argv[4]), process.argv[5]];
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
    socket.write(upgradeRequest(extensions));
  });
}

/** The same as a stream of events. */
function openStream() {
  return new Promise((resolve, reject) => {
    const callback = (length) => {
      read += length;
      resolve();
      return true;
    };
    const socket = net.connect({ port, host: '127.0.0.1', onread: { buffer, callback } });
    socket.on('error', reject);
    socket.write(
      `GET /graphql?query=${encodeURIComponent(payload.query)} HTTP/1.1\r\n` +
        'Host: localhost\r\nAccept: text/event-stream\r\n\r\n',
    );
  });
}

const openOne = extensions === 'text/event-stream' ? openStream : openSocket;
for (let at = 0; at < count; at += BATCH) {
  await Promise.all(Array.from({ length: Math.min(BATCH, count - at) }, openOne));
}
process.on('message', () => process.send(read));
setInterval(() => {
  for (const socket of open) socket.write(PONG);
}, 5_000).unref();
process.on('disconnect', () => process.exit(0));
process.send('ready');
