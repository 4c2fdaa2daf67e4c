import { existsSync } from 'node:fs';
import { readFile, readlink, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import { refuseStaleBuild } from '../support/build-check.js';
import { temporaryFolder } from '../support/temporary.js';
import { openEngine, connect, cyclesOf, turnsOf, hostPid, isAlive } from '../support/engines.js';
import { PATIENCE } from '../support/patience.js';

let folder: string;

beforeAll(refuseStaleBuild);
beforeEach(async () => {
  folder = await realpath(temporaryFolder());
});

const runsHere = unsupportedPlatform(currentPlatform()) === null;

describe.skipIf(!runsHere)('the embedded database', () => {
  it('opens, answers and keeps what was written', async () => {
    const first = await openEngine(folder);
    await cyclesOf(await connect(first.uri)).insertOne({ _id: 1 });
    await first.stop();
    const second = await openEngine(folder);
    expect(second.uri).toBe(first.uri);
    expect(await turnsOf(await connect(second.uri))).toEqual([1]);
  });

  it('plans queries without the kind of execution that it lacks, also after its host was killed', async () => {
    const engine = await openEngine(folder);
    const client = await connect(engine.uri);
    const ranker = async (): Promise<unknown> => {
      const asked = { getParameter: 1, internalQueryPlanRanker: 1 };
      return (await client.db('admin').command(asked))['internalQueryPlanRanker'];
    };
    expect(await ranker()).toBe('multiPlanning');
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await engine.opening(2);
    expect(await vi.waitFor(ranker, PATIENCE)).toBe('multiPlanning');
  });

  it('keeps its folders closed to other users', async () => {
    const dataDir = path.join(folder, 'a', 'b');
    await openEngine(dataDir);
    for (const made of [path.join(folder, 'a'), dataDir, path.join(dataDir, 'mongodb')]) {
      expect((await stat(made)).mode & 0o777).toBe(0o700);
    }
  });

  it('loses no journaled write when its host is killed, and is back at the same address', async () => {
    const engine = await openEngine(folder);
    const client = await connect(engine.uri);
    for (let turn = 1; turn <= 20; turn++) await cyclesOf(client).insertOne({ _id: turn });
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await engine.opening(2);
    const turns = await vi.waitFor(() => turnsOf(client), PATIENCE);
    expect(turns).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('says that what was stored is gone also where its host ends of that first', async () => {
    const engine = await openEngine(folder);
    await cyclesOf(await connect(engine.uri)).insertOne({ _id: 1 });
    await rm(path.join(folder, 'mongodb'), { recursive: true, maxRetries: 9 });
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await engine.opening(2);
    expect(engine.foldersLost()).toBe(1);
    expect(await turnsOf(await connect(engine.uri))).toEqual([]);
  });

  it('leaves no folder behind in the temporary directory after a kill', async () => {
    const engine = await openEngine(folder);
    const link = path.join(folder, 'mongodb.sock');
    const killed = path.dirname(await readlink(link));
    expect(existsSync(killed)).toBe(true);
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await engine.opening(2);
    expect(existsSync(killed)).toBe(false);
    const running = path.dirname(await readlink(link));
    await engine.stop();
    expect(existsSync(running)).toBe(false);
  });

  it('ends its host when it is stopped', async () => {
    const engine = await openEngine(folder);
    const pid = hostPid(engine.openings[0]);
    await Promise.all([engine.stop(), engine.stop()]);
    expect(isAlive(pid)).toBe(false);
    expect(engine.losses()).toBe(0);
  });

  it('is stopped while it is opening again', async () => {
    const engine = await openEngine(folder);
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await vi.waitFor(() => expect(engine.losses()).toBe(1), PATIENCE);
    await engine.stop();
    const next = await openEngine(folder);
    expect(next.openings).toMatchObject([{ role: 'host' }]);
  });

  it('goes on when the terminal interrupts the whole group: only the parent ends it', async () => {
    const engine = await openEngine(folder);
    const pid = hostPid(engine.openings[0]);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    const client = await connect(engine.uri);
    await cyclesOf(client).insertOne({ _id: 1 });
    await client.close();
    await engine.stop();
    expect(engine.losses()).toBe(0);
  });

  it.skipIf(process.platform !== 'linux')('gives its host none of the environment', async () => {
    const engine = await openEngine(folder);
    const environment = await readFile(`/proc/${hostPid(engine.openings[0])}/environ`, 'latin1');
    const names = environment.split('\0').map((entry) => entry.split('=')[0]);
    const needed = ['', 'TMPDIR', 'NAPI_RS_NATIVE_LIBRARY_PATH'];
    expect(names.filter((name) => !needed.includes(name as string))).toEqual([]);
  });

  it('takes a folder whose path is too long for a socket', async () => {
    const dataDir = path.join(folder, 'long '.repeat(20), 'Ünïcode'.repeat(8));
    const engine = await openEngine(dataDir);
    const socketPath = decodeURIComponent(new URL(engine.uri).host);
    onTestFinished(() => rm(path.dirname(socketPath), { recursive: true, force: true }));
    expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(100);
    const client = await connect(engine.uri);
    await cyclesOf(client).insertOne({ _id: 1 });
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await engine.opening(2);
    expect(await vi.waitFor(() => turnsOf(client), PATIENCE)).toEqual([1]);
    const guest = await openEngine(dataDir);
    expect(guest.openings).toMatchObject([{ role: 'guest' }]);
    expect(guest.uri).toBe(engine.uri);
  });
});
