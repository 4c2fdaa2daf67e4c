import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../src/log.js';
import { createBackoff } from '../../src/embedded-mongo/backoff.js';
import { openEmbeddedEngine, type EmbeddedEngine } from '../../src/embedded-mongo/engine.js';
import { createHostLauncher } from '../../src/embedded-mongo/host-launcher.js';
import { preparePlace } from '../../src/embedded-mongo/place.js';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import { linkTarget, removeLeftOver } from '../../src/embedded-mongo/socket-link.js';
import { refuseStaleBuild } from '../support/build-check.js';

const DIST = path.resolve('dist');
const silent = createLogger('silent');

let folder: string;
/** Undoes what a test did, last first. */
let cleanups: (() => unknown)[];

beforeAll(refuseStaleBuild);
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'dynamics-test-')));
  cleanups = [() => rm(folder, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

interface OpenedLine {
  readonly role: 'host' | 'guest';
  readonly pid?: number;
}

/** An engine together with what it logs. */
interface Opened extends EmbeddedEngine {
  /** Each time it was opened. */
  readonly openings: readonly OpenedLine[];
  /** How often it was lost. */
  readonly losses: () => number;
  /** Resolves with the opening that has this number, from 1. */
  opening(number: number): Promise<OpenedLine>;
}

async function openEngine(dataDir: string): Promise<Opened> {
  const openings: OpenedLine[] = [];
  let losses = 0;
  const events = new EventEmitter();
  const log = pino(
    { level: 'info' },
    {
      write(text) {
        const line = JSON.parse(text) as OpenedLine & { msg: string };
        if (line.msg.includes('is gone')) losses++;
        if (!line.msg.includes('is open')) return;
        openings.push(line);
        events.emit('open');
      },
    },
  );
  const engine = await openEmbeddedEngine({ dataDir, log });
  cleanups.push(() => engine.stop());
  return {
    uri: engine.uri,
    news: engine.news,
    stop: () => engine.stop(),
    openings,
    losses: () => losses,
    async opening(number) {
      while (openings.length < number) await once(events, 'open');
      return openings[number - 1] as OpenedLine;
    },
  };
}

async function connect(uri: string): Promise<MongoClient> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  cleanups.push(() => client.close());
  return client.connect();
}

function cyclesOf(client: MongoClient) {
  return client.db('test').collection<{ _id: number }>('cycles', {
    writeConcern: { w: 1, journal: true },
  });
}

async function turnsOf(client: MongoClient): Promise<number[]> {
  const stored = await cyclesOf(client).find().sort({ _id: 1 }).toArray();
  return stored.map(({ _id }) => _id);
}

function hostPid(opening: OpenedLine | undefined): number {
  expect(opening).toMatchObject({ role: 'host', pid: expect.any(Number) as number });
  return opening?.pid as number;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that has ended stays listed until process 1 takes notice, which may never be.
    const isListed = process.platform === 'linux' && existsSync(`/proc/${pid}/stat`);
    return !isListed || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Waits for a host to end; one that does not is killed, and fails the test. */
async function untilGone(pid: number): Promise<void> {
  try {
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 20 });
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
  cleanups.push(() => opener.kill('SIGKILL'));
  for await (const text of createInterface({ input: opener.stderr })) {
    const line = JSON.parse(text) as OpenedLine & { msg: string };
    if (line.msg.includes('is open')) return { opener, opening: line };
  }
  throw new Error('the process ended without opening the database');
}

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
    expect(await vi.waitFor(ranker, { timeout: 10_000 })).toBe('multiPlanning');
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
    const turns = await vi.waitFor(() => turnsOf(client), { timeout: 10_000 });
    expect(turns).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
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
    await vi.waitFor(() => expect(engine.losses()).toBe(1));
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
    cleanups.push(() => rm(path.dirname(socketPath), { recursive: true, force: true }));
    expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(100);
    const client = await connect(engine.uri);
    await cyclesOf(client).insertOne({ _id: 1 });
    process.kill(hostPid(engine.openings[0]), 'SIGKILL');
    await engine.opening(2);
    expect(await vi.waitFor(() => turnsOf(client), { timeout: 10_000 })).toEqual([1]);
    const guest = await openEngine(dataDir);
    expect(guest.openings).toMatchObject([{ role: 'guest' }]);
    expect(guest.uri).toBe(engine.uri);
  });
});

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
    expect(await vi.waitFor(() => turnsOf(client), { timeout: 10_000 })).toEqual([1]);
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
    expect(await vi.waitFor(() => turnsOf(client), { timeout: 10_000 })).toEqual([1]);
  });
});

describe.skipIf(!runsHere)('an embedded database that cannot be opened', () => {
  const open = (dataDir: string) => openEmbeddedEngine({ dataDir, log: silent });

  it('says so of a DATA_DIR that is a file, or lies in one', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    for (const dataDir of [file, path.join(file, 'below')]) {
      await expect(open(dataDir)).rejects.toMatchObject({
        name: 'EmbeddedEngineError',
        code: 'DATA_DIR_UNUSABLE',
        message: expect.stringContaining(dataDir) as string,
      });
    }
  });

  it('says so of a DATA_DIR whose database folder is a file', async () => {
    await writeFile(path.join(folder, 'mongodb'), '');
    await expect(open(folder)).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  });

  it.skipIf(process.platform !== 'linux')(
    'says so of a DATA_DIR that nobody can write',
    async () => {
      await expect(open('/proc/dynamics')).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    },
  );

  it('says so of damaged data, and leaves no process', async () => {
    await (await open(folder)).stop();
    await writeFile(path.join(folder, 'mongodb', 'WiredTiger.wt'), 'no database');
    await expect(open(folder)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining(folder) as string,
    });
  });

  it('names a holder that does not share it', async () => {
    const place = await preparePlace(folder, silent);
    const launcher = (link: string) =>
      createHostLauncher({ ...place, link }, currentPlatform().glibc, silent);
    const { signal } = new AbortController();
    const holder = await launcher(path.join(folder, 'elsewhere.sock')).launch(signal);
    if (!holder.ok) throw new Error(holder.failure.message);
    cleanups.push(() => holder.host.close());
    expect(await launcher(place.link).launch(signal)).toMatchObject({
      ok: false,
      failure: { code: 'DATABASE_HELD', message: expect.stringContaining('MONGO_URI=') as string },
    });
  });

  it('reports from its host that the package is not installed', async () => {
    for (const room of ['embedded-mongo', 'data-dir']) {
      await cp(path.join(DIST, room), path.join(folder, room), { recursive: true });
    }
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    const host = spawn(
      process.execPath,
      [path.join(folder, 'embedded-mongo', 'host.js'), folder, 'link'],
      {
        env: {},
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    cleanups.push(() => host.kill('SIGKILL'));
    const lines: unknown[] = [];
    for await (const line of createInterface({ input: host.stdout })) lines.push(JSON.parse(line));
    expect(lines).toMatchObject([{ type: 'failed', code: 'NOT_INSTALLED' }]);
  });
});

describe('what a killed engine left behind', () => {
  const leftOver = async (name: string, mode = 0o700) => {
    const left = path.join(folder, name);
    await mkdir(left, { mode });
    await writeFile(path.join(left, 'mongodb.sock'), '');
    return left;
  };

  it('is removed', async () => {
    const left = await leftOver('embedded-mongodb-aB3dE6');
    await removeLeftOver(left);
    expect(existsSync(left)).toBe(false);
    await expect(removeLeftOver(left)).resolves.toBeUndefined();
  });

  it('stays where it might be something else', async () => {
    const otherName = await leftOver('my-mongodb-aB3dE6');
    const openToOthers = await leftOver('embedded-mongodb-open66', 0o755);
    const holdsMore = await leftOver('embedded-mongodb-more66');
    await writeFile(path.join(holdsMore, 'thesis.txt'), '');
    const linked = path.join(folder, 'embedded-mongodb-link66');
    await symlink(await leftOver('target'), linked);
    for (const left of [otherName, openToOthers, holdsMore, linked]) {
      await removeLeftOver(left);
      expect(existsSync(path.join(left, 'mongodb.sock'))).toBe(true);
    }
  });

  it('is nothing where there is no link', async () => {
    expect(await linkTarget(path.join(folder, 'none'))).toBeNull();
    expect(await linkTarget(folder)).toBeNull();
  });
});

describe('the pauses between attempts', () => {
  it('double from 50 ms to 5 s, and begin again after a reset', () => {
    const backoff = createBackoff();
    const pauses = Array.from({ length: 9 }, () => backoff.next());
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    backoff.reset();
    expect(backoff.next()).toBe(50);
  });
});
