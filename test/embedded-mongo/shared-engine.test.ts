import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import { refuseStaleBuild } from '../support/build-check.js';
import { temporaryFolder } from '../support/temporary.js';
import {
  type OpenedLine,
  openEngine,
  connect,
  cyclesOf,
  turnsOf,
  hostPid,
  isAlive,
} from '../support/engines.js';
import { PATIENCE } from '../support/patience.js';

const DIST = path.resolve('dist');

let folder: string;

beforeAll(refuseStaleBuild);
beforeEach(async () => {
  folder = await realpath(temporaryFolder());
});

/** Waits for a host to end; one that does not is killed, and fails the test. */
async function untilGone(pid: number): Promise<void> {
  try {
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE);
  } catch (error) {
    process.kill(pid, 'SIGKILL');
    throw error;
  }
}

/** A process of its own that opens the database and tells which process hosts it. */
async function openInAnotherProcess(
  dataDir: string,
): Promise<{ readonly opener: ChildProcess; readonly opening: OpenedLine }> {
  const built = (file: string) => JSON.stringify(pathToFileURL(path.join(DIST, file)).href);
  const script = `
    import { createLogger } from ${built('log.js')};
    import { openEmbeddedEngine } from ${built('embedded-mongo/engine.js')};
    await openEmbeddedEngine({ dataDir: ${JSON.stringify(dataDir)}, log: createLogger('info') });`;
  const opener = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  onTestFinished(() => void opener.kill('SIGKILL'));
  for await (const text of createInterface({ input: opener.stderr })) {
    const line = JSON.parse(text) as OpenedLine & { msg: string };
    if (line.msg.includes('is open')) return { opener, opening: line };
  }
  throw new Error('the process ended without opening the database');
}

const runsHere = unsupportedPlatform(currentPlatform()) === null;

describe.skipIf(!runsHere)('an embedded database that several processes open', () => {
  it('is shared, and hosted by the one that stays when the other stops', async () => {
    const first = await openEngine(folder);
    const second = await openEngine(folder);
    expect(second.openings).toMatchObject([{ role: 'guest' }]);
    const client = await connect(second.uri);
    await cyclesOf(await connect(first.uri)).insertOne({ _id: 1 });
    expect(await turnsOf(client)).toEqual([1]);
    await first.stop();
    expect(await second.opening(2)).toMatchObject({ role: 'host' });
    expect(await vi.waitFor(() => turnsOf(client), PATIENCE)).toEqual([1]);
  });

  it('is not closed by a guest that stops', async () => {
    const host = await openEngine(folder);
    const guest = await openEngine(folder);
    await guest.stop();
    await cyclesOf(await connect(host.uri)).insertOne({ _id: 1 });
    expect(host.losses()).toBe(0);
  });

  it('has one host when they start at the same moment', async () => {
    const engines = await Promise.all([1, 2, 3].map(() => openEngine(folder)));
    const roles = engines.map((engine) => engine.openings[0]?.role).sort();
    expect(roles).toEqual(['guest', 'guest', 'host']);
  });

  it('leaves no host behind when the process that opened it is killed', async () => {
    const { opener, opening } = await openInAnotherProcess(folder);
    const pid = hostPid(opening);
    opener.kill('SIGKILL');
    await once(opener, 'exit');
    await untilGone(pid);
    const engine = await openEngine(folder);
    expect(engine.openings).toMatchObject([{ role: 'host' }]);
  });

  it('is taken over when the process that hosted it is killed', async () => {
    const { opener } = await openInAnotherProcess(folder);
    const engine = await openEngine(folder);
    expect(engine.openings).toMatchObject([{ role: 'guest' }]);
    const client = await connect(engine.uri);
    await cyclesOf(client).insertOne({ _id: 1 });
    opener.kill('SIGKILL');
    expect(await engine.opening(2)).toMatchObject({ role: 'host' });
    expect(await vi.waitFor(() => turnsOf(client), PATIENCE)).toEqual([1]);
  });
});
