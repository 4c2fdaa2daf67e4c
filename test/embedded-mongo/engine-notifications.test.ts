import { once } from 'node:events';
import { existsSync, readlinkSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Notification } from '../../src/feeds/notifications.js';
import { openEmbeddedEngine, type EmbeddedEngine } from '../../src/embedded-mongo/engine.js';
import { keptLogger } from '../support/logs.js';
import { temporaryFolder } from '../support/temporary.js';
import { heard, turn } from '../support/heard.js';
import { PATIENCE } from '../support/patience.js';

const log = keptLogger();

/** Whether it is an end or a reset. */
const closeOf = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once('close', () => resolve()));

async function openEngine(dataDir: string): Promise<EmbeddedEngine> {
  const engine = await openEmbeddedEngine({ dataDir, log });
  onTestFinished(() => engine.stop());
  return engine;
}

describe('notifications between processes on one embedded engine', () => {
  it('reach all of them, their teller included', async () => {
    const dataDir = temporaryFolder();
    const engines = [await openEngine(dataDir), await openEngine(dataDir)] as const;
    const pieces = engines.map(({ notifications }) => heard(notifications));
    for (const each of pieces) await vi.waitFor(() => expect(each).toHaveLength(1), PATIENCE);
    const skipped: Notification = {
      kind: 'SKIPPED',
      at: 1.5e12,
      code: 'X',
      message: 'zwölf\n"Worte"',
    };
    engines[0].notifications.publish(turn(1));
    engines[1].notifications.publish(skipped);
    for (const each of pieces) {
      await vi.waitFor(() => {
        expect(each).toContainEqual(turn(1));
        expect(each).toContainEqual(skipped);
      }, PATIENCE);
    }
  });

  it('go on when the host is killed, and whoever was cut off looks at everything', async () => {
    const dataDir = temporaryFolder();
    const first = await openEngine(dataDir);
    const second = await openEngine(dataDir);
    const pieces = heard(second.notifications);
    await vi.waitFor(() => expect(pieces).toEqual([{ kind: 'CONTROL' }]), PATIENCE);
    await first.stop();
    await vi.waitFor(() => expect(pieces).toHaveLength(2), PATIENCE);
    expect(pieces[1]).toEqual({ kind: 'CONTROL' });
    const third = await openEngine(dataDir);
    third.notifications.publish(turn(2));
    await vi.waitFor(() => expect(pieces).toContainEqual(turn(2)), PATIENCE);
  });

  it('are sent by a command that tells and ends', async () => {
    const dataDir = temporaryFolder();
    const pieces = heard((await openEngine(dataDir)).notifications);
    await vi.waitFor(() => expect(pieces).toHaveLength(1), PATIENCE);
    const command = await openEmbeddedEngine({ dataDir, log });
    command.notifications.publish(turn(3));
    await command.stop();
    await vi.waitFor(() => expect(pieces).toContainEqual(turn(3)), PATIENCE);
  });

  it('are told before there is a host, and heard once there is one', async () => {
    const dataDir = temporaryFolder();
    const host = await openEngine(dataDir);
    const guest = await openEngine(dataDir);
    const pieces = heard(guest.notifications);
    await vi.waitFor(() => expect(pieces).toHaveLength(1), PATIENCE);
    await host.stop();
    guest.notifications.publish(turn(4));
    await vi.waitFor(() => expect(pieces).toContainEqual(turn(4)), PATIENCE);
  });

  it('are not held up by one that sends rubbish, too long a line, or never reads', async () => {
    const dataDir = temporaryFolder();
    const engine = await openEngine(dataDir);
    const pieces = heard(engine.notifications);
    await vi.waitFor(() => expect(pieces).toHaveLength(1), PATIENCE);
    const socketPath = path.join(
      path.dirname(readlinkSync(`${dataDir}/mongodb.sock`)),
      'news.sock',
    );
    const open = async (): Promise<Socket> => {
      const socket = connect(socketPath).on('error', () => undefined);
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      return socket;
    };
    const silent = await open();
    silent.pause();
    const rubbish = await open();
    rubbish.resume().write('{"kind":"TURN"}\n\n{"kind":"ELSE"}\nnull\n{"kind":"TURN","turn":-1}\n');
    const long = await open();
    long.resume().write('x'.repeat(200_000));
    await closeOf(long);
    const filler: Notification = { kind: 'SKIPPED', at: 0, code: 'X', message: 'x'.repeat(60_000) };
    const closed = closeOf(silent);
    for (let n = 1; !silent.destroyed && n <= 60; n++) {
      engine.notifications.publish({ ...filler, at: n });
      await vi.waitFor(() => expect(pieces).toContainEqual({ ...filler, at: n }), PATIENCE);
    }
    silent.resume();
    await closed;
    engine.notifications.publish(turn(5));
    await vi.waitFor(() => expect(pieces).toContainEqual(turn(5)), PATIENCE);
    expect(pieces.filter(({ kind }) => kind === 'TURN')).toEqual([turn(5)]);
  });

  it('go over a socket that no other user can reach, and that goes with its host', async () => {
    const dataDir = temporaryFolder();
    const engine = await openEngine(dataDir);
    const folder = path.dirname(readlinkSync(`${dataDir}/mongodb.sock`));
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(statSync(path.join(folder, 'news.sock')).isSocket()).toBe(true);
    await engine.stop();
    expect(existsSync(folder)).toBe(false);
  });
});
