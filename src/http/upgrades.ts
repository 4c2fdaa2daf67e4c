import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { Config } from '../config.js';
import type { SubscriptionServer } from '../subscriptions/subscription-server.js';
import { refuseAt } from './access.js';
import { withoutBasePath } from './base-path.js';

/** Answers requests for a WebSocket: with one at `/graphql`, or with why not. */
export function upgradeHandler(
  config: Config['server'],
  subscriptions: Pick<SubscriptionServer, 'refuseConnection' | 'handleUpgrade'>,
) {
  const { basePath, trustedProxies } = config;
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refused = refuseAt(request.headers, config);
    if (refused) return refuse(socket, refused.status, refused.message);
    const [asked = '/'] = withoutBasePath(basePath, request.url ?? '/').split('?');
    if (path.posix.normalize(asked) !== '/graphql') {
      return refuse(socket, 404, `WebSockets are served at ${basePath}/graphql`);
    }
    const address = trustedProxies.addressOf(request);
    const many = subscriptions.refuseConnection(address);
    if (many !== null) return refuse(socket, 429, many);
    subscriptions.handleUpgrade(request, socket, head, address);
  };
}

function refuse(socket: Duplex, status: number, message: string): void {
  const reason = STATUS_CODES[status] ?? 'Error';
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
    () => (socket as Socket).destroySoon(),
  );
}
