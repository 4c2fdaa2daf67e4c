import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { eachLine, MOST_UNREAD } from './notification-lines.js';

/** Hands on what processes that use one engine tell each other. */
export interface NotificationRelay {
  close(): void;
}

/**
 * Listens at a Unix socket: each line that anyone sends goes to all who are connected, its sender
 * included. Whoever does not read is disconnected, for the others' sake; it comes back and looks.
 */
export async function startNotificationRelay(socketPath: string): Promise<NotificationRelay> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // An error is always followed by the close.
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    eachLine(socket, (line) => {
      for (const each of sockets) {
        if (each.writableLength > MOST_UNREAD) each.destroy();
        else each.write(`${line}\n`);
      }
    });
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
