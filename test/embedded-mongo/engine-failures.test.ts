import { spawn } from 'node:child_process';
import { cp, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../src/log.js';
import { openEmbeddedEngine } from '../../src/embedded-mongo/engine.js';
import { createHostLauncher } from '../../src/embedded-mongo/host-launcher.js';
import { preparePlace } from '../../src/embedded-mongo/place.js';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import { refuseStaleBuild } from '../support/build-check.js';
import { temporaryFolder } from '../support/temporary.js';

const DIST = path.resolve('dist');
const silent = createLogger('silent');

let folder: string;

beforeAll(refuseStaleBuild);
beforeEach(async () => {
  folder = await realpath(temporaryFolder());
});

const runsHere = unsupportedPlatform(currentPlatform()) === null;

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
    onTestFinished(() => holder.host.close());
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
    onTestFinished(() => void host.kill('SIGKILL'));
    const lines: unknown[] = [];
    for await (const line of createInterface({ input: host.stdout })) lines.push(JSON.parse(line));
    expect(lines).toMatchObject([{ type: 'failed', code: 'NOT_INSTALLED' }]);
  });
});
