import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as it came in. */
export interface Received {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How a receiver answers; it may as well not. */
export type Answering = (request: Received, response: ServerResponse, count: number) => void;

export interface Receiver {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  answer: Answering;
  /** Connections that are open. */
  readonly connections: () => Promise<number>;
  /** Takes no more connections, and breaks off those that are open. */
  close(): Promise<void>;
}

/** Answers a status, with words. */
export function answering(
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): Answering {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

/** A real receiver of messages on 127.0.0.1; it ends with the test, if not before. */
export async function startReceiver(
  answer: Answering = answering(204),
  port = 0,
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { url = '', method = '', headers } = request;
      received.push({ url, method, headers, body });
      receiver.answer(received.at(-1) as Received, response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    received,
    answer,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  onTestFinished(() => receiver.close());
  return receiver;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
