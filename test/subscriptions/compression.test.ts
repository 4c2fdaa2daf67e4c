import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer, type ClientOptions } from 'ws';
import {
  compressed,
  COMPRESSION,
  isCompressing,
  keepAcceptableOffer,
} from '../../src/subscriptions/compression.js';
import { openingOf, writeMessage } from '../../src/subscriptions/websocket-frame.js';

/** A connection between a client as it comes and a server that offers compression. */
async function connect(options: ClientOptions) {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: COMPRESSION });
  const http = createServer();
  http.on('upgrade', (request, connection, head) => {
    keepAcceptableOffer(request.headers);
    server.handleUpgrade(request, connection, head, (socket) =>
      server.emit('connection', socket, request),
    );
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    http.close();
    http.closeAllConnections();
  });
  const { port } = http.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`, options);
  const [socket, { socket: connection }] = (await once(server, 'connection')) as [
    WebSocket,
    IncomingMessage,
  ];
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(data.toString()));
  return { client, socket, connection, received };
}

describe('a compressed message', () => {
  it('is read by a client as it was meant, whatever its head and body, between any others', async () => {
    const { client, socket, connection, received } = await connect({});
    expect(isCompressing(socket)).toBe(true);
    const sent: string[] = [];
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    const long = fc
      .tuple(text, fc.nat({ max: 5_000 }))
      .map(([piece, times]) => piece.repeat(times / 20));
    await fc.assert(
      fc.asyncProperty(text, fc.oneof(text, long), fc.boolean(), async (head, body, plain) => {
        // Unpaired surrogates cannot be sent as they are.
        const [start, rest] = [Buffer.from(head), Buffer.from(body)];
        if (plain) writeMessage(connection, start, rest);
        else writeMessage(connection, start, await compressed(rest), true);
        socket.ping();
        sent.push(start.toString() + rest.toString());
      }),
      { numRuns: 200 },
    );
    socket.close(4000);
    await once(client, 'close');
    expect(received).toEqual(sent);
  });

  it.each([0, 125, 126, 16_383, 16_384, 65_535, 65_536, 1_000_000])(
    'arrives whole with a body of %i bytes that compress badly',
    async (length) => {
      const { client, socket, connection, received } = await connect({});
      let state = 1;
      const body = Array.from({ length }, () => {
        state = (state * 48_271) % 0x7fff_ffff;
        return String.fromCharCode(32 + (state % 95));
      }).join('');
      const head = Buffer.from('h'.repeat(1_000));
      const rest = await compressed(Buffer.from(body));
      writeMessage(connection, head, rest, true);
      socket.close(4000);
      await once(client, 'close');
      expect(received).toEqual([head.toString() + body]);
    },
  );

  it('cannot have a head that no block holds', () => {
    const head = Buffer.alloc(65_536);
    expect(() => openingOf(head.length, 0, true)).toThrow(RangeError);
  });
});

describe('what a client offers', () => {
  const answered = async (offer: string | undefined): Promise<string> => {
    const headers = offer === undefined ? {} : { 'sec-websocket-extensions': offer };
    const { client, socket } = await connect({ perMessageDeflate: false, headers });
    client.on('error', () => undefined);
    client.terminate();
    return socket.extensions;
  };

  it.each([
    'permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_max_window_bits=9; server_max_window_bits=10',
    'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    'permessage-deflate; server_max_window_bits=15, permessage-deflate',
    'permessage-deflate; server_max_window_bits=8, permessage-deflate',
    'permessage-deflate; nonsense=1, permessage-deflate; client_max_window_bits',
    'x-webkit-deflate-frame, permessage-deflate',
  ])('is met where that can be done: %s', (offer) => {
    const headers = { 'sec-websocket-extensions': offer };
    keepAcceptableOffer(headers);
    expect(headers['sec-websocket-extensions']).toMatch(/^permessage-deflate/);
    expect(headers['sec-websocket-extensions']).not.toMatch(/nonsense|bits=8/);
  });

  it.each([
    undefined,
    'permessage-deflate; server_max_window_bits=9',
    'permessage-deflate; server_max_window_bits=7',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; client_max_window_bits=99',
    'permessage-deflate; nonsense',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-foo',
    ', ;=',
    '"',
  ])('is passed over where that cannot be done, and the client is served: %s', async (offer) => {
    expect(await answered(offer)).toBe('');
  });
});
