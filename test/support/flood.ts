import { once } from 'node:events';
import net from 'node:net';

/** A WebSocket frame as clients send them: masked, here with zeros. */
export function frameOf(payload: string, opcode = 1, isFinal = true): Buffer {
  const body = Buffer.from(payload);
  const { length } = body;
  const extended = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
  const head = Buffer.alloc(2 + extended + 4);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, body]);
}

export function messageOf(message: object): Buffer {
  return frameOf(JSON.stringify(message));
}

/** A connection that has been upgraded, spoken byte by byte, and never reads. */
export class UnreadConnection {
  readonly #socket: net.Socket;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.pause();
    socket.on('error', () => undefined);
  }

  static async open(url: string): Promise<UnreadConnection> {
    const { hostname, port } = new URL(url);
    const socket = net.connect(Number(port), hostname);
    const connection = new UnreadConnection(socket);
    await once(socket, 'connect');
    socket.write(
      'GET /graphql HTTP/1.1\r\n' +
        `Host: localhost:${port}\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
        'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    return connection;
  }

  /** The port by which the server knows it. */
  get port(): number {
    return this.#socket.localPort ?? 0;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Writes as fast as it is taken, until there is reason to stop. */
  async flood(make: (n: number) => Buffer, stop: AbortSignal): Promise<void> {
    for (let n = 0; !stop.aborted && this.#socket.writable; n++) {
      const isTaken = this.#socket.write(make(n));
      if (!isTaken) await once(this.#socket, 'drain', { signal: stop }).catch(() => undefined);
      else if (n % 16 === 0) await new Promise(setImmediate);
    }
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
