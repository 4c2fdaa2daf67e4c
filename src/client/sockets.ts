/** What this client needs of a WebSocket: browsers have it, and so does the package `ws`. */
export interface SocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** The class of such sockets: a browser's WebSocket, or that of the package `ws`. */
export interface SocketClass {
  new (address: string | URL, protocols?: string | string[]): SocketLike;
  readonly OPEN: number;
}

/** The class that there is without any package; null where there is none, as in Node 20. */
export function ownSocketClass(): SocketClass | null {
  return (globalThis as { readonly WebSocket?: SocketClass }).WebSocket ?? null;
}

/**
 * What is sent over a socket that is being closed goes nowhere, which browsers take for a fault: it is
 * left out here, and whoever asked is told by the socket's end, and why.
 */
export function closable(Base: SocketClass): SocketClass {
  return class extends Base {
    override send(data: string): void {
      if (this.readyState === Base.OPEN) super.send(data);
    }
  };
}
