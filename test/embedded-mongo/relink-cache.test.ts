import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relinkedLibrary, type PackagedEngine } from '../../src/embedded-mongo/relink-cache.js';
import { requiredVersions } from '../../src/embedded-mongo/relink.js';
import { elfLibrary } from '../support/elf.js';

const GLIBC_2_36 = { major: 2, minor: 36 };

describe('the cache of relinked libraries', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'dynamics-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const engine: PackagedEngine = {
    version: '1.2.3',
    files: [
      { name: 'addon.node', content: elfLibrary([['__isoc23_strtoul', 'GLIBC_2.38']]) },
      { name: 'libengine.so', content: elfLibrary([['fmod', 'GLIBC_2.38']]) },
    ],
  };

  async function addonIn(...caches: string[]): Promise<string> {
    const result = await relinkedLibrary(engine, GLIBC_2_36, caches);
    if (!result.ok) throw new Error(result.failure.message);
    return result.addon;
  }

  it('holds both files beside each other, closed to other users', async () => {
    const addon = await addonIn(path.join(folder, 'home', '.cache', 'dynamics'));
    const home = path.dirname(addon);
    expect(path.basename(home)).toMatch(/^embedded-mongodb-1\.2\.3-[0-9a-f]{16}-glibc2\.36$/);
    expect((await readdir(home)).sort()).toEqual(['addon.node', 'libengine.so']);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect(requiredVersions(await readFile(addon))).toEqual([]);
  });

  it('gives several callers at the same time one whole copy', async () => {
    const cache = path.join(folder, 'cache');
    const addons = await Promise.all(Array.from({ length: 8 }, () => addonIn(cache)));
    expect(new Set(addons).size).toBe(1);
    expect(await readdir(cache)).toEqual([path.basename(path.dirname(addons[0] as string))]);
  });

  it('uses the copy that is there', async () => {
    const cache = path.join(folder, 'cache');
    const first = await stat(await addonIn(cache));
    expect((await stat(await addonIn(cache))).ino).toBe(first.ino);
  });

  it('writes a copy again that was cut short', async () => {
    const cache = path.join(folder, 'cache');
    const addon = await addonIn(cache);
    await writeFile(addon, 'half');
    expect(requiredVersions(await readFile(await addonIn(cache)))).toEqual([]);
  });

  it('goes to the next folder where the first cannot be made or is open to others', async () => {
    const next = path.join(folder, 'next');
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    expect(await addonIn(path.join(file, 'cache'), next)).toContain(next);
    const open = path.join(folder, 'open');
    await mkdir(open);
    await chmod(open, 0o755);
    expect(await addonIn(open, next)).toContain(next);
    expect(await readdir(open)).toEqual([]);
  });

  it('names MONGO_URI where there is no folder, and where a symbol has no older twin', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    const noRoom = await relinkedLibrary(engine, GLIBC_2_36, [path.join(file, 'cache')]);
    const strange = {
      version: '1.2.3',
      files: [{ name: 'addon.node', content: elfLibrary([['strlcpy', 'GLIBC_2.38']]) }],
    };
    const noTwin = await relinkedLibrary(strange, GLIBC_2_36, [folder]);
    for (const result of [noRoom, noTwin]) {
      expect(result).toMatchObject({ ok: false, failure: { code: 'LIBRARY_UNLOADABLE' } });
      expect(result.ok ? '' : result.failure.message).toContain(
        'MONGO_URI=mongodb://localhost:27017',
      );
    }
  });
});
