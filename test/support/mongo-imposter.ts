import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { BSON, type Document } from 'mongodb';
import { onTestFinished } from 'vitest';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const HELLO = {
  ok: 1,
  helloOk: true,
  isWritablePrimary: true,
  ismaster: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 25,
};

/** What a server answers to a command; null leaves it to the imposter. */
type Answer = (command: Document) => Document | null;

/**
 * A program that speaks MongoDB's protocol and answers as a test says: what a server refuses in the
 * field (rights, passwords, versions) cannot be had of the embedded engine. It ends with the test.
 * @returns its address, `host:port`
 */
export async function startImposter(answer: Answer): Promise<string> {
  const server = createServer((socket) => {
    let buffer = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 16 && buffer.length >= buffer.readInt32LE(0)) {
        const message = buffer.subarray(0, buffer.readInt32LE(0));
        buffer = buffer.subarray(message.length);
        socket.write(reply(message, answer));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function reply(message: Buffer, answer: Answer): Buffer {
  const opCode = message.readInt32LE(12);
  const command = BSON.deserialize(message.subarray(documentAt(message, opCode)), {
    allowObjectSmallerThanBufferSize: true,
  });
  const isHello = 'hello' in command || 'ismaster' in command;
  const document = BSON.serialize(answer(command) ?? (isHello ? HELLO : { ok: 1 }));
  // After the header: of a reply flags, cursor, start and a count of 1; of a message flags and a kind.
  const head = Buffer.alloc(opCode === OP_QUERY ? 20 : 5);
  if (opCode === OP_QUERY) head.writeInt32LE(1, 16);
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + head.length + document.length, 0);
  header.writeInt32LE(message.readInt32LE(4), 8);
  header.writeInt32LE(opCode === OP_QUERY ? OP_REPLY : OP_MSG, 12);
  return Buffer.concat([header, head, document]);
}

/** Where the command begins: after the flags, and for a query after the collection and two numbers. */
function documentAt(message: Buffer, opCode: number): number {
  if (opCode === OP_QUERY) return message.indexOf(0, 20) + 1 + 8;
  return 16 + 4 + 1;
}
