import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { writeMessage } from '../../src/subscriptions/websocket-frame.js';

it('frames written beside ws arrive whole, in order with its own, whatever their size', async () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    http.close();
  });
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  const received: string[] = [];
  client.on('message', (data: Buffer, isBinary) => {
    expect(isBinary).toBe(false);
    received.push(data.toString());
  });
  const [socket, request] = (await once(server, 'connection')) as [
    WebSocket,
    { readonly socket: Socket },
  ];
  // Nothing is negotiated that would change what a frame looks like.
  expect(socket.extensions).toBe('');
  const sizes = [
    0, 1, 113, 114, 115, 125, 126, 127, 1_000, 16_383, 16_384, 16_385, 65_524, 65_525, 65_536,
    300_000,
  ];
  const sent: string[] = [];
  for (const size of sizes) {
    const [head, body] = ['é head '.slice(0, size), 'x'.repeat(size)];
    writeMessage(request.socket, Buffer.from(head), Buffer.from(body));
    socket.send(`ws after ${size}`);
    sent.push(head + body, `ws after ${size}`);
  }
  socket.close(4000);
  await once(client, 'close');
  expect(received).toEqual(sent);
});
