import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Config } from '../config.js';

/** How many connections may wait to be accepted; the system may allow fewer. */
const CONNECTION_BACKLOG = 4_096;

type Address = Pick<Config['server'], 'host' | 'port'>;

/** @throws the error of the system, where the address may not be listened on */
export async function listen(server: Server, { host, port }: Address): Promise<void> {
  server.listen({ host, port, backlog: CONNECTION_BACKLOG });
  await once(server, 'listening');
}

/**
 * Finds out whether the address may be listened on, before anything is opened that takes its time or
 * belongs to whoever has the port.
 * @throws the error of the system, where it may not
 */
export async function checkPort(address: Address): Promise<void> {
  if (address.port === 0) return;
  const server = createServer();
  await listen(server, address);
  server.close();
  await once(server, 'close');
}

/** `localhost` for the default address: what people type. */
export function displayHost(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
