import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { constants, createDeflateRaw, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import WebSocket, { type ClientOptions } from 'ws';
import { launchApp, type RunningApp } from '../support/app.js';
import { useDatabase } from '../support/database.js';
import { frameOf } from '../support/flood.js';
import { frameAt, observed, ScriptedMarket } from '../support/scripted-market.js';
import { RawSocket } from '../support/socket.js';
import { runTurn, turnReached } from '../support/turns.js';

const database = useDatabase();
let app: RunningApp;

beforeAll(async () => {
  const market = new ScriptedMarket((n) => observed(frameAt(1_700_000_000_000 + n * 60_000, n)));
  const settings = { ASSETS: 'USDT,BTC,ETH', CYCLE_INTERVAL_MS: '86400000' };
  const place = { MONGO_URI: database.engine.uri, DATA_DIR: database.dataDir };
  const name = { DATABASE_NAME: `lying_${process.pid}` };
  app = await launchApp({ ...settings, ...place, ...name }, { market });
  await turnReached(app, 1);
});
afterAll(() => app.stop());

const RSV1 = 0x40;
const PUSHED =
  'subscription { cycleCompleted { turn a: matrices { values } b: matrices { ages } } }';

/** A message as a client sends it that says that it is compressed. */
function saidToBeCompressed(payload: Buffer): Buffer {
  const placed = frameOf('x'.repeat(payload.length));
  const head = placed.subarray(0, placed.length - payload.length);
  const sent = Buffer.concat([head, payload]);
  sent[0] = (sent[0] as number) | RSV1;
  return sent;
}

function compressed(text: string, windowBits = 15): Buffer {
  const flushed = deflateRawSync(text, { windowBits, finishFlush: constants.Z_SYNC_FLUSH });
  return flushed.subarray(0, -4);
}

/** A socket whose connection can be written to byte by byte. */
async function connect(perMessageDeflate: ClientOptions['perMessageDeflate']) {
  const url = `${app.url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  await once(socket, 'open');
  const { _socket: connection } = socket as unknown as { readonly _socket: Socket };
  return { socket, connection };
}

/** What the second of two messages is that refers back to the first one. */
async function ofContextTakenOver(text: string): Promise<[Buffer, Buffer]> {
  const deflate = createDeflateRaw();
  const chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  const flushed = async (): Promise<Buffer> => {
    deflate.write(text);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    return Buffer.concat(chunks.splice(0)).subarray(0, -4);
  };
  return [await flushed(), await flushed()];
}

const INIT = '{"type":"connection_init"}';

describe('a client that lies', () => {
  /** Everybody else gets each cycle, in order, compressed or not, whatever the liar does. */
  async function amongOthers(act: () => Promise<unknown>): Promise<void> {
    const others = [
      await RawSocket.open(app, {}, { perMessageDeflate: true }),
      await RawSocket.open(app, {}, { perMessageDeflate: false }),
    ];
    for (const other of others) {
      other.subscribe(PUSHED);
      other.send({ type: 'ping' });
      expect((await other.next())['type']).toBe('pong');
    }
    for (const acts of [act, () => Promise.resolve()]) {
      await acts();
      const turn = await runTurn(app);
      const texts = await Promise.all(others.map((other) => other.nextText()));
      expect(JSON.parse(texts[0] as string)).toMatchObject({
        payload: { data: { cycleCompleted: { turn } } },
      });
      expect(texts[1]).toBe(texts[0]);
    }
    for (const other of others) other.close();
  }

  it('and sends what cannot be unpacked is closed alone', () =>
    amongOthers(async () => {
      const { socket, connection } = await connect(true);
      const closed = once(socket, 'close');
      connection.write(saidToBeCompressed(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07])));
      expect((await closed)[0]).toBe(1007);
    }));

  it('and compresses though it has not said so before is closed alone', () =>
    amongOthers(async () => {
      const { socket, connection } = await connect(false);
      const closed = once(socket, 'close');
      connection.write(saidToBeCompressed(compressed(INIT)));
      expect((await closed)[0]).toBe(1002);
    }));

  it('and goes on from one message to the next, though it may not, is closed alone', () =>
    amongOthers(async () => {
      const { socket, connection } = await connect(true);
      const [first, second] = await ofContextTakenOver(
        JSON.stringify({ type: 'ping', payload: { x: 'abcdefghij'.repeat(20) } }),
      );
      expect(second.length).toBeLessThan(first.length);
      const closed = once(socket, 'close');
      connection.write(saidToBeCompressed(compressed(INIT)));
      connection.write(Buffer.concat([first, second].map(saidToBeCompressed)));
      expect((await closed)[0]).toBe(1007);
    }));

  it('and has promised a smaller window than it uses is served or closed, alone', () =>
    amongOthers(async () => {
      const { socket, connection } = await connect({ clientMaxWindowBits: 9 });
      expect(socket.extensions).toBe('permessage-deflate');
      const ended = Promise.race([once(socket, 'close'), once(socket, 'message')]);
      const far = JSON.stringify({
        type: 'connection_init',
        payload: { x: randomBytes(2_000).toString('hex').repeat(2) },
      });
      connection.write(saidToBeCompressed(compressed(far, 15)));
      await ended;
    }));

  it('and leaves in the middle of a compressed message costs nobody anything', () =>
    amongOthers(async () => {
      const { socket, connection } = await connect(true);
      const whole = saidToBeCompressed(compressed(INIT.padEnd(5_000)));
      connection.write(whole.subarray(0, whole.length - 3));
      const closed = once(socket, 'close');
      connection.destroy();
      await closed;
    }));

  it('and unpacks to more than a message may have is closed alone, in pieces as at once', () =>
    amongOthers(async () => {
      const bomb = compressed(' '.repeat(32 * 1024 * 1024));
      for (const size of [bomb.length, 1_000]) {
        const { socket, connection } = await connect(true);
        const closed = once(socket, 'close');
        const frame = saidToBeCompressed(bomb);
        for (let at = 0; at < frame.length; at += size) {
          connection.write(frame.subarray(at, at + size));
        }
        expect((await closed)[0]).toBe(1009);
      }
    }));

  it('and reads nothing of what it is pushed compressed keeps nobody waiting', () =>
    amongOthers(async () => {
      const slow = await RawSocket.open(app, {}, { perMessageDeflate: true });
      onTestFinished(() => slow.close());
      slow.subscribe(PUSHED);
      slow.pause();
    }));
});
