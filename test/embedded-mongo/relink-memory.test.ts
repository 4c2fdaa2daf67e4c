import { appendFile, chmod, mkdir, readdir, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createHostLauncher } from '../../src/embedded-mongo/host-launcher.js';
import { preparePlace } from '../../src/embedded-mongo/place.js';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import {
  readPackagedEngine,
  relinkedLibrary,
  type InstalledEngine,
} from '../../src/embedded-mongo/relink-cache.js';
import { relinkedBefore, rememberRelinked } from '../../src/embedded-mongo/relink-memory.js';
import { refuseStaleBuild } from '../support/build-check.js';
import { elfLibrary } from '../support/elf.js';
import { temporaryFolder } from '../support/temporary.js';

const GLIBC_2_36 = { major: 2, minor: 36 };
const NAMES = ['addon.node', 'libengine.so'];

describe('that an engine was relinked', () => {
  let engine: InstalledEngine;
  let cache: string;
  let addon: string;
  const found = () => relinkedBefore(engine, GLIBC_2_36, [path.join(engine.folder, 'no'), cache]);

  beforeEach(async () => {
    const folder = temporaryFolder();
    engine = { folder: path.join(folder, 'package'), version: '1.2.3', names: NAMES };
    cache = path.join(folder, 'cache');
    await mkdir(engine.folder);
    for (const name of NAMES) {
      await writeFile(path.join(engine.folder, name), elfLibrary([['fmod', 'GLIBC_2.38']]));
    }
    const result = await relinkedLibrary(await readPackagedEngine(engine), GLIBC_2_36, [cache]);
    if (!result.ok) throw new Error(result.failure.message);
    addon = result.addon;
    expect(await found()).toBeNull();
    await rememberRelinked(engine, addon);
  });

  it('is known to the next start', async () => {
    expect(await found()).toBe(addon);
  });

  it('is of one installation, one release and one glibc', async () => {
    expect(await relinkedBefore({ ...engine, version: '1.2.4' }, GLIBC_2_36, [cache])).toBeNull();
    expect(await relinkedBefore(engine, { major: 2, minor: 35 }, [cache])).toBeNull();
    await utimes(path.join(engine.folder, 'libengine.so'), new Date(0), new Date(0));
    expect(await found()).toBeNull();
    await rememberRelinked(engine, addon);
    expect(await found()).toBe(addon);
    await appendFile(path.join(engine.folder, 'addon.node'), 'more');
    await utimes(path.join(engine.folder, 'addon.node'), new Date(0), new Date(0));
    expect(await found()).toBeNull();
  });

  it.each(NAMES)('counts for nothing where the copy of %s is cut short', async (name) => {
    await truncate(path.join(path.dirname(addon), name), 10);
    expect(await found()).toBeNull();
  });

  it('counts for nothing where the copy, or the folder that it lies in, is open to others', async () => {
    for (const folder of [path.dirname(addon), cache]) {
      await chmod(folder, 0o777);
      expect(await found()).toBeNull();
      await chmod(folder, 0o700);
      expect(await found()).toBe(addon);
    }
  });

  it('counts for nothing where the note of it is damaged or leads elsewhere', async () => {
    const folder = path.dirname(addon);
    const note = (await readdir(folder)).find((name) => name.startsWith('made-of-')) ?? '';
    for (const text of ['{', '{}', '{"addon":"../../other.node","sizes":{}}']) {
      await writeFile(path.join(folder, note), text);
      expect(await found()).toBeNull();
    }
  });
});

const runsHere = unsupportedPlatform(currentPlatform()) === null;

describe.skipIf(!runsHere)('a start of the engine', () => {
  beforeAll(refuseStaleBuild);

  it('relinks it once for all that come after', async () => {
    const before = process.env['HOME'];
    onTestFinished(() => {
      if (before === undefined) delete process.env['HOME'];
      else process.env['HOME'] = before;
    });
    process.env['HOME'] = temporaryFolder();
    const relinked: string[] = [];
    const start = async (): Promise<void> => {
      const log = pino({ level: 'debug' }, { write: (line) => void relinked.push(line) });
      const place = await preparePlace(temporaryFolder(), log);
      const launcher = createHostLauncher(place, currentPlatform().glibc, log);
      const launch = await launcher.launch(new AbortController().signal);
      if (!launch.ok) throw new Error(launch.failure.message);
      await launch.host.close();
    };
    await start();
    const isNeeded = relinked.some((line) => line.includes('relinked copy'));
    relinked.length = 0;
    await start();
    expect(relinked.filter((line) => line.includes('relinked'))).toEqual([]);
    const home = path.join(process.env['HOME'], '.cache', 'dynamics');
    // Where the packaged library loads as it is, there is nothing to remember.
    expect((await readdir(home).catch(() => [])).length).toBe(isNeeded ? 1 : 0);
  });
});
