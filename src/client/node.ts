import { WebSocket, type ClientOptions as SocketOptions } from 'ws';
import { DynamicsClient, type ClientOptions } from './client.js';

export * from './index.js';

/** A server that does not acknowledge the end of a socket is waited for so long, milliseconds. */
const CLOSING_MS = 1_000;
/** Not in the package's types yet. */
const OPTIONS = { closeTimeout: CLOSING_MS } as SocketOptions;
/** How graphql-ws closes a socket that is given up. */
const GIVEN_UP = 4499;

/** A socket that leaves nothing behind: no timer, and no error without a listener. */
class NodeSocket extends WebSocket {
  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols, OPTIONS);
    this.on('error', () => undefined);
  }

  override close(code?: number, reason?: string | Buffer): void {
    if (code === GIVEN_UP) this.terminate();
    else super.close(code, reason);
  }
}

/** Makes a client of one server, with the WebSocket of `ws`: Node 20 has none of its own. */
export function createClient(options: ClientOptions): DynamicsClient {
  return new DynamicsClient({ webSocket: NodeSocket, ...options });
}
