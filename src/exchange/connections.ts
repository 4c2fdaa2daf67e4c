import http from 'node:http';
import https from 'node:https';

/** Longer than an idle cycle; Node's own agents drop a connection after 5 s. */
const IDLE_MS = 75_000;
/** Further calls to a host wait for a connection, within their deadline. */
const MAX_CONNECTIONS = 8;

let kept = false;

/**
 * Keeps connections between cycles. binance-api-node takes no agent and so uses the process's
 * default ones: they are replaced here, once.
 */
export function keepConnections(): void {
  if (kept) return;
  kept = true;
  const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS, timeout: IDLE_MS };
  http.globalAgent = new http.Agent(options);
  https.globalAgent = new https.Agent(options);
}

/**
 * Ends every connection to an address: the only way to end a call of binance-api-node, which
 * knows no abort.
 */
export function closeConnections(base: string): void {
  const { protocol, hostname, port } = new URL(base);
  const secure = protocol === 'https:';
  const agent = secure ? https.globalAgent : http.globalAgent;
  const name = `${hostname}:${port || (secure ? 443 : 80)}:`;
  for (const pool of [agent.sockets, agent.freeSockets]) {
    for (const [key, sockets] of Object.entries(pool)) {
      if (key.startsWith(name)) for (const socket of [...(sockets ?? [])]) socket.destroy();
    }
  }
}
