import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Slices } from '../../src/scheduling/slices.js';
import { until } from '../support/until.js';

const CONNECTIONS = 300;

it('clients that connect at once do not wait for a slice of work each', async () => {
  const slices = new Slices();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    slices.arrival();
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: CONNECTIONS }, resolve),
  );
  const stopped = new AbortController();
  let worked = 0;
  const pace = slices.paceOf('somebody');
  const work = (async () => {
    while (!stopped.signal.aborted) {
      await pace.next();
      worked++;
      const end = performance.now() + 2;
      while (performance.now() < end);
    }
  })();
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: CONNECTIONS }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => undefined);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await until(
    'the first connection',
    () => accepted,
    (count) => count > 0,
  );
  const before = worked;
  await until(
    'all connections',
    () => accepted,
    (count) => count === CONNECTIONS,
  );
  const meanwhile = worked - before;
  stopped.abort();
  await work;
  expect(meanwhile).toBeLessThan(CONNECTIONS / 3);
});
