import { Duplex } from 'node:stream';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { Body } from '../../src/subscriptions/body.js';
import { COMPRESSION } from '../../src/subscriptions/compression.js';
import { SharedMessages } from '../../src/subscriptions/shared-messages.js';

/** Each side of a connection to a client, and what the client has read. */
async function connect(
  server: WebSocketServer,
  port: number,
): Promise<{
  socket: WebSocket;
  connection: Socket;
  received: string[];
  closed: Promise<unknown>;
}> {
  const connected = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(data.toString()));
  const [socket, { socket: connection }] = (await connected) as [WebSocket, { socket: Socket }];
  return { socket, connection, received, closed: once(client, 'close') };
}

async function listen(
  perMessageDeflate: typeof COMPRESSION | false,
): Promise<[WebSocketServer, number]> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    http.close();
  });
  return [server, (http.address() as AddressInfo).port];
}

/** A connection that takes nothing while it is told so, and keeps what it was given as it then was. */
class Stalling extends Duplex {
  isStalled = false;
  readonly #waiting: { readonly pieces: readonly Buffer[]; readonly done: () => void }[] = [];
  taken = '';

  override _writev(pieces: { chunk: Buffer }[], done: () => void): void {
    const waiting = { pieces: pieces.map(({ chunk }) => chunk), done };
    if (this.isStalled) this.#waiting.push(waiting);
    else this.#take(waiting);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this._writev([{ chunk }], done);
  }

  override _read(): void {
    // Nothing comes from it.
  }

  goOn(): void {
    this.isStalled = false;
    for (const waiting of this.#waiting.splice(0)) this.#take(waiting);
  }

  #take({ pieces, done }: { readonly pieces: readonly Buffer[]; readonly done: () => void }): void {
    this.taken += Buffer.concat(pieces).toString('latin1');
    done();
  }
}

const bodyOf = (length: number): Body =>
  new Body(1, Buffer.from('0123456789'.repeat(length / 10 + 1).slice(0, length)));

describe('messages that many get', () => {
  it.each([
    ['as they are', false as const],
    ['compressed', COMPRESSION],
  ])('arrive whole %s, each with the head of its receiver', async (_how, compression) => {
    const [server, port] = await listen(compression);
    const clients = [];
    for (let n = 0; n < 4; n++) clients.push(await connect(server, port));
    const heads = ['1', '2', 'é long head '.repeat(20), 'h'.repeat(66)];
    const expected: string[][] = heads.map(() => []);
    const lengths = [
      [0],
      [1],
      [60, 61],
      [1_000, 3, 2_000],
      [16_384],
      [16_385],
      [65_400],
      [70_000],
      [9_000, 9_000, 70],
    ];
    for (const row of lengths) {
      const bodies = row.map(bodyOf);
      const messages = new SharedMessages(1, bodies);
      await messages.compress();
      for (const [n, { connection, socket }] of clients.entries()) {
        const head = heads[n] as string;
        const isCompressing = socket.extensions !== '';
        messages.writeTo(connection, Buffer.from(head), isCompressing);
        expected[n]?.push(...bodies.map(({ plain }) => head + plain.toString()));
      }
    }
    for (const { socket } of clients) socket.close(4000);
    await Promise.all(clients.map(({ closed }) => closed));
    expect(clients.map(({ received }) => received)).toEqual(expected);
  });

  it('are what each receiver was to get, whichever of them takes its time', () => {
    const short = fc.constantFrom(5, 130);
    const several = fc.array(short, { minLength: 2, maxLength: 3 });
    const lengths: fc.Arbitrary<readonly number[]> = fc.oneof(
      fc.constantFrom([5], [130], [17_000]),
      several,
    );
    const step = fc.record({
      lengths,
      stalls: fc.array(fc.nat(3), { maxLength: 2 }),
      goesOn: fc.option(fc.nat(3)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const places = [0, 1, 2, 3].map(() => ({ fast: new Stalling(), own: new Stalling() }));
        for (const { lengths: row, stalls, goesOn } of steps) {
          for (const n of stalls) (places[n] as (typeof places)[0]).fast.isStalled = true;
          const bodies = row.map(bodyOf);
          const shared = new SharedMessages(1, bodies);
          for (const [n, { fast, own }] of places.entries()) {
            const head = Buffer.from(`head ${n}`);
            shared.writeTo(fast, head, false);
            new SharedMessages(1, bodies).writeTo(own, head, false);
          }
          if (goesOn !== null) (places[goesOn] as (typeof places)[0]).fast.goOn();
        }
        for (const { fast } of places) fast.goOn();
        expect(places.map(({ fast }) => fast.taken)).toEqual(places.map(({ own }) => own.taken));
      }),
    );
  });
});
