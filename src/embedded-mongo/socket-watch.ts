import { connect, type Socket } from 'node:net';
import { stat } from 'node:fs/promises';
import { BSON, type Document } from 'mongodb';

/** How long an engine may take to answer, milliseconds. */
const ANSWER_DEADLINE_MS = 5_000;

/** A connection to an engine that answered; it ends when the engine does. */
export interface SocketWatch {
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Connects to the engine at a Unix socket and gives it a command, a `ping` unless another is named.
 * @param owner the user id that the socket may belong to, beside this process's own.
 * @returns null where no engine answers that it was done.
 */
export async function watchEngine(
  socketPath: string,
  owner: number,
  command: Document = { ping: 1 },
): Promise<SocketWatch | null> {
  if (!(await isSocketOf(socketPath, owner))) return null;
  const socket = connect(socketPath);
  // An error is always followed by the close that is waited for.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.setTimeout(ANSWER_DEADLINE_MS, () => socket.destroy());
  socket.once('connect', () => socket.write(messageOf(command)));
  const answered = await Promise.race([untilAnswer(socket), closed.then(() => false)]);
  if (!answered) {
    socket.destroy();
    return null;
  }
  socket.setTimeout(0);
  return { closed, close: () => socket.destroy() };
}

/** Whether a socket is there, and nobody else's: another user may have put one in its place. */
export async function isSocketOf(socketPath: string, owner: number): Promise<boolean> {
  const stats = await stat(socketPath).catch(() => null);
  if (stats === null || !stats.isSocket()) return false;
  return stats.uid === owner || stats.uid === process.getuid?.();
}

const HEADER_BYTES = 16;
/** Flag bits (4 bytes) and the kind of the only section (1 byte). */
const BODY_PREFIX_BYTES = 5;

/** An OP_MSG with one body section, as in MongoDB's wire protocol. */
function messageOf(command: Document): Buffer {
  const OP_MSG = 2013;
  const body = BSON.serialize({ ...command, $db: 'admin' });
  const message = Buffer.alloc(HEADER_BYTES + BODY_PREFIX_BYTES + body.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(1, 4);
  message.writeInt32LE(OP_MSG, 12);
  message.set(body, HEADER_BYTES + BODY_PREFIX_BYTES);
  return message;
}

/** Whether the first message that comes back says `ok: 1`. */
function untilAnswer(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const read = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < received.readInt32LE(0)) return;
      socket.off('data', read).resume();
      resolve(saysOk(received));
    };
    socket.on('data', read);
  });
}

function saysOk(message: Buffer): boolean {
  try {
    const body = message.subarray(HEADER_BYTES + BODY_PREFIX_BYTES, message.readInt32LE(0));
    return BSON.deserialize(body)['ok'] === 1;
  } catch {
    // Not MongoDB's protocol.
    return false;
  }
}
