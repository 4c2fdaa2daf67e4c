// One subscriber, who also looks at /healthz: notes when each cycle came.
// `node watcher.mjs <port> <token>`.
import http from 'node:http';
import { setInterval } from 'node:timers';
import WebSocket from 'ws';

const [port, token] = [Number(process.argv[2]), process.argv[3]];
const query = 'subscription { cycleCompleted { turn startedAt completedAt matrices { values } } }';
const now = () => performance.timeOrigin + performance.now();
const agent = new http.Agent({ keepAlive: true });
let turns = [];
let health = [];

const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
socket.on('open', () => {
  const payload = { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
});
socket.on('message', (data) => {
  const at = now();
  const { type, payload } = JSON.parse(data);
  if (type === 'connection_ack') {
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    process.send('started');
  } else if (type === 'next') {
    const { turn, startedAt, completedAt } = payload.data.cycleCompleted;
    turns.push({
      turn,
      startedAt: Date.parse(startedAt),
      completedAt: Date.parse(completedAt),
      at,
    });
  }
});

setInterval(() => {
  const begun = now();
  const request = http.get({ port, host: '127.0.0.1', path: '/healthz', agent }, (response) => {
    response.resume().on('end', () => health.push(now() - begun));
  });
  // A connection that the server closes just as it is used again.
  request.on('error', () => undefined);
}, 100);

process.on('message', () => {
  process.send({ turns, health });
  turns = [];
  health = [];
});
process.on('disconnect', () => process.exit(0));
