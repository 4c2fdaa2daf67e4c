import type WebSocket from 'ws';
import type { Wire } from './wire.js';

/** How often a client is asked whether it is still there, and has to show it, milliseconds. */
const KEEP_ALIVE_MS = 12_000;

/**
 * Asks a client again and again whether it is still there; one that neither answers nor reads what it
 * is sent is given up. (Behind much that it still has to read, it cannot see the question.)
 */
export function keepAlive(socket: WebSocket, wire: Wire): void {
  let isAsked = false;
  let taken = wire.taken;
  socket.on('pong', () => (isAsked = false));
  const timer = setInterval(() => {
    const isReading = wire.taken > taken && socket.bufferedAmount > 0;
    if (isAsked && !isReading) return wire.giveUp();
    taken = wire.taken;
    if (isAsked) return;
    isAsked = true;
    wire.ping();
  }, KEEP_ALIVE_MS);
  wire.atEnd(() => clearInterval(timer));
}
