import { once } from 'node:events';
import type { Socket } from 'node:net';
import { deflateRawSync, constants } from 'node:zlib';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { launchApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { runTurn, turnReached } from '../support/turns.js';
import { until } from '../support/until.js';

const database = useDatabase();
let app: RunningApp;

beforeAll(async () => {
  app = await launchApp(
    {
      MONGO_URI: database.engine.uri,
      DATABASE_NAME: `compressed_${process.pid}`,
      DATA_DIR: database.dataDir,
      ASSETS: 'USDT,BTC,ETH',
      CYCLE_INTERVAL_MS: '86400000',
    },
    { market: new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n))) },
  );
  await turnReached(app, 1);
});
afterAll(() => app.stop());

const LARGE =
  'subscription ($after: Int) { cycleCompleted(after: $after) { turn a: matrices { kind values } b: matrices { kind values ages legs } c: matrices { kind values } } }';

interface Client {
  readonly socket: WebSocket;
  readonly texts: string[];
  /** What came over the wire so far, bytes. */
  readonly received: () => number;
}

async function subscribe(options: ClientOptions, query = LARGE, after?: number): Promise<Client> {
  const url = `${app.url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', options);
  const texts: string[] = [];
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  const { _socket: connection } = socket as unknown as { readonly _socket: Socket };
  const acknowledged = once(socket, 'message');
  socket.send('{"type":"connection_init"}');
  await acknowledged;
  socket.on('message', (data: Buffer) => texts.push(data.toString()));
  socket.send(
    JSON.stringify({ type: 'subscribe', id: 'x', payload: { query, variables: { after } } }),
  );
  // Answered once the subscription before it has begun.
  const pong = once(socket, 'message');
  socket.send('{"type":"ping"}');
  await pong;
  texts.length = 0;
  return { socket, texts, received: () => connection.bytesRead };
}

const got = (client: Client, count: number): Promise<string[]> =>
  until(
    `${count} cycles to be pushed`,
    () => client.texts,
    ({ length }) => length >= count,
  );

describe('a push', () => {
  it('is the same text to who takes it compressed and to who does not, in fewer bytes', async () => {
    const [plain, compressed] = [
      await subscribe({ perMessageDeflate: false }),
      await subscribe({}),
    ];
    expect([plain, compressed].map(({ socket }) => socket.extensions)).toEqual([
      '',
      'permessage-deflate',
    ]);
    const before = [plain.received(), compressed.received()];
    for (let n = 1; n <= 3; n++) {
      await runTurn(app);
      const texts = [await got(plain, n), await got(compressed, n)];
      expect(texts[1]).toEqual(texts[0]);
    }
    const bytes = [plain, compressed].map(
      (client, at) => client.received() - (before[at] as number),
    );
    expect(bytes[1]).toBeLessThan((bytes[0] as number) * 0.75);
  });

  it('is the same to who comes back and is sent what it has missed', async () => {
    const plain = await subscribe({ perMessageDeflate: false });
    const latest = await runTurn(app);
    await got(plain, 1);
    const back = await subscribe({}, LARGE, latest - 1);
    await runTurn(app);
    const expected = await got(plain, 2);
    const texts = await until(
      'the cycles since',
      () => back.texts,
      (all) => all.at(-1) === expected[1],
    );
    expect(expected).toEqual(expect.arrayContaining(texts));
  });

  it('that is small goes as it is to everybody', async () => {
    const small = 'subscription { cycleCompleted { turn } }';
    const [plain, compressed] = [
      await subscribe({ perMessageDeflate: false }, small),
      await subscribe({}, small),
    ];
    const before = [plain.received(), compressed.received()];
    await runTurn(app);
    expect(await got(compressed, 1)).toEqual(await got(plain, 1));
    const bytes = [plain, compressed].map(
      (client, at) => client.received() - (before[at] as number),
    );
    expect(bytes[1]).toBe(bytes[0]);
  });

  it.each(['permessage-deflate; server_max_window_bits=9', 'permessage-deflate; nonsense', '"'])(
    'comes as it is to a client whose offer cannot be met: %s',
    async (offer) => {
      const client = await subscribe({
        perMessageDeflate: false,
        headers: { 'sec-websocket-extensions': offer },
      });
      expect(client.socket.extensions).toBe('');
      await runTurn(app);
      const [text] = await got(client, 1);
      expect(JSON.parse(text as string)).toMatchObject({ type: 'next', id: 'x' });
    },
  );

  it('reaches the client library that people use', async () => {
    const url = `${app.url.replace('http', 'ws')}/graphql`;
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
    onTestFinished(() => void client.dispose());
    const cycles = client.iterate<{ cycleCompleted: { turn: number } }>({ query: LARGE });
    const first = cycles.next();
    const turn = await until(
      'a turn that it is sent',
      () =>
        Promise.race([first.then(({ value }) => value as never), runTurn(app).then(() => null)]),
      (value) => value !== null,
    );
    expect(turn).toMatchObject({
      data: { cycleCompleted: { turn: expect.any(Number) as number } },
    });
  });
});

describe('what a client sends compressed', () => {
  it('is bounded by what it is when it is unpacked, and costs the client alone', async () => {
    const [bomber, other] = [await subscribe({}), await subscribe({})];
    const { _socket: connection } = bomber.socket as unknown as { readonly _socket: Socket };
    const closed = once(bomber.socket, 'close');
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 0x20), {
      finishFlush: constants.Z_SYNC_FLUSH,
    }).subarray(0, -4);
    // Masked with zeros; RSV1 says that it is compressed.
    const head = Buffer.alloc(14);
    head.writeUInt16BE(0xc1ff, 0);
    head.writeBigUInt64BE(BigInt(bomb.length), 2);
    connection.write(Buffer.concat([head, bomb]));
    expect((await closed)[0]).toBe(1009);
    await runTurn(app);
    expect(await got(other, 1)).toHaveLength(1);
  });
});
