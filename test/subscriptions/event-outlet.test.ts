import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Body, END_OF_MESSAGE } from '../../src/subscriptions/body.js';
import { Connections } from '../../src/subscriptions/connections.js';
import type { EventOperation } from '../../src/subscriptions/event-operation.js';
import { EventOutlet } from '../../src/subscriptions/event-outlet.js';
import { EventStreams } from '../../src/subscriptions/event-streams.js';
import type { AskedOperation, OperationRunner } from '../../src/subscriptions/runner.js';
import { SharedMessages } from '../../src/subscriptions/shared-messages.js';
import { EventReader } from '../support/event-reader.js';
import { until } from '../support/until.js';

const BEAT_MS = 15_000;

/** Streams over real connections, whose operations do as a test says. */
class Streams {
  readonly operations: EventOperation[] = [];
  readonly responses: ServerResponse[] = [];
  readonly connections = new Connections(100);
  slow = 0;
  readonly streams = new EventStreams(
    { run: (asked: AskedOperation) => this.#run(asked) } as unknown as OperationRunner,
    this.connections,
    () => this.slow++,
  );
  #url = '';

  async listen(): Promise<void> {
    const server = createServer((_request, response) => {
      this.responses.push(response);
      const viewer = { role: 'viewer', expiresAt: null, client: 'one' } as const;
      const payload = { query: '' };
      this.streams.open({ response, viewer, address: 'one', payload, last: null });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestFinished(() => {
      this.streams.stop();
      server.closeAllConnections();
      server.close();
    });
  }

  async open(): Promise<EventReader> {
    const reader = await EventReader.open({ url: this.#url }, {});
    onTestFinished(() => reader.close());
    expect((await reader.told())?.retry).toBeDefined();
    return reader;
  }

  #run({ operation }: AskedOperation): Promise<void> {
    this.operations.push(operation as EventOperation);
    return Promise.resolve();
  }
}

let place: Streams;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  place = new Streams();
  await place.listen();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('streams of events', () => {
  it('all hear a comment every 15 s, by one timer, which ends with the last of them', async () => {
    const readers = [await place.open(), await place.open(), await place.open()];
    expect(vi.getTimerCount()).toBe(1);
    for (let beats = 0; beats < 2; beats++) {
      vi.advanceTimersByTime(BEAT_MS);
      for (const reader of readers) expect(await reader.told()).toEqual({ comment: '' });
    }
    for (const reader of readers) reader.close();
    await until(
      'all to be gone',
      () => place.streams.count,
      (count) => count === 0,
    );
    expect(vi.getTimerCount()).toBe(0);
    expect(place.connections.refuse('one')).toBeNull();
  });

  it('whose clients read nothing of what waits from one beat to the next are ended as slow', () => {
    const connection = {
      bytesWritten: 90_000,
      setNoDelay: () => connection,
      setKeepAlive: vi.fn(),
    };
    const response = Object.assign(new EventEmitter(), {
      ...{ socket: connection, writableLength: 60_000, destroyed: false, writableEnded: false },
      ...{ writeHead: vi.fn(), write: vi.fn(), end: vi.fn() },
    });
    const outlet = new EventOutlet(response as unknown as ServerResponse);
    outlet.beat();
    // The socket has taken some, and somebody has written more.
    Object.assign(response, { writableLength: 80_000 });
    connection.bytesWritten += 20_001;
    outlet.beat();
    expect([outlet.isOpen, response.write.mock.calls.length]).toEqual([true, 0]);
    Object.assign(response, { writableLength: 90_000 });
    connection.bytesWritten += 10_000;
    outlet.beat();
    expect([outlet.isOpen, outlet.isSlow]).toEqual([false, true]);
    expect(String(response.end.mock.calls[0]?.[0])).toContain('Last-Event-ID');
    response.emit('close');
  });

  it('are written the very same bytes, with the turn of each answer as its id', async () => {
    const readers = [await place.open(), await place.open()];
    const bodies = [41, 42].map(
      (turn) => new Body(turn, Buffer.from(`{"turn":${turn}}${END_OF_MESSAGE}`)),
    );
    const written = place.responses.map(({ socket }) => vi.spyOn(socket as Socket, 'write'));
    const messages = new SharedMessages(42, bodies);
    for (const operation of place.operations) {
      expect(operation.sendShared(messages)).toBe(messages.events.length);
    }
    const [one, other] = written.map(({ mock }) => mock.calls.map(([bytes]) => bytes as Buffer));
    expect([one?.length, other?.length]).toEqual([1, 1]);
    expect(other?.[0]).toBe(one?.[0]);
    for (const reader of readers) {
      expect(await reader.next()).toEqual({ id: '41', event: 'next', data: '{"turn":41}' });
      expect(await reader.next()).toEqual({ id: '42', event: 'next', data: '{"turn":42}' });
    }
  });

  it('whose clients have turns that are not stored so are told, lose their id, and are complete', async () => {
    const reader = await place.open();
    place.operations[0]?.rewound(7);
    const [told, ...rest] = await reader.all();
    expect(told?.id).toBe('');
    expect(JSON.parse(told?.data ?? '')).toMatchObject({
      errors: [{ extensions: { code: 'REWOUND', stands: 7 } }],
    });
    expect(rest).toEqual([{ event: 'complete', data: '' }]);
  });

  it('end without being complete where the server goes away, so that their clients come back', async () => {
    const reader = await place.open();
    place.streams.stop();
    expect(await reader.told()).toEqual({ comment: 'the server goes away; come back' });
    expect(await reader.told()).toBeNull();
    const late = await place.open();
    expect((await late.told())?.comment).toContain('goes away');
    expect(await late.told()).toBeNull();
    expect(place.operations).toHaveLength(1);
  });
});
