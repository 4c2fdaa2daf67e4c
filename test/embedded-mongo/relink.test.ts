import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import {
  readPackagedEngine,
  relinkedLibrary,
  type PackagedEngine,
} from '../../src/embedded-mongo/relink-cache.js';
import {
  isNewer,
  parseGlibcVersion,
  relink,
  requiredVersions,
} from '../../src/embedded-mongo/relink.js';

const GLIBC_2_36 = { major: 2, minor: 36 };
const GLIBC_2_38 = { major: 2, minor: 38 };

/** An undefined symbol and the version that it is bound to. */
type Binding = readonly [symbol: string, version: string];

/** The smallest ELF library that has undefined symbols with versions, all of `libc.so.6`. */
function elfLibrary(bindings: readonly Binding[]): Buffer {
  const strings = stringTable();
  const versions = [...new Set(bindings.map(([, version]) => version))];
  const symbols = Buffer.alloc(24 * (bindings.length + 1));
  const versionOf = Buffer.alloc(2 * (bindings.length + 1));
  bindings.forEach(([symbol, version], index) => {
    symbols.writeUInt32LE(strings.add(symbol), 24 * (index + 1));
    versionOf.writeUInt16LE(versions.indexOf(version) + 2, 2 * (index + 1));
  });
  const needs = Buffer.alloc(16 * (versions.length + 1));
  needs.writeUInt16LE(1, 0);
  needs.writeUInt16LE(versions.length, 2);
  needs.writeUInt32LE(strings.add('libc.so.6'), 4);
  needs.writeUInt32LE(16, 8);
  versions.forEach((version, index) => {
    const at = 16 * (index + 1);
    needs.writeUInt16LE(index + 2, at + 6);
    needs.writeUInt32LE(strings.add(version), at + 8);
    needs.writeUInt32LE(index + 1 < versions.length ? 16 : 0, at + 12);
  });
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const sections = [
    { type: 0, content: Buffer.alloc(0), link: 0, info: 0 },
    { type: 11, content: symbols, link: 4, info: 1 },
    { type: 0x6fffffff, content: versionOf, link: 1, info: 0 },
    { type: 0x6ffffffe, content: needs, link: 4, info: 1 },
    { type: 3, content: strings.bytes(), link: 0, info: 0 },
  ];
  const table = Buffer.alloc(64 * sections.length);
  let offset = header.length;
  sections.forEach(({ type, content, link, info }, index) => {
    table.writeUInt32LE(type, 64 * index + 4);
    table.writeBigUInt64LE(BigInt(offset), 64 * index + 0x18);
    table.writeBigUInt64LE(BigInt(content.length), 64 * index + 0x20);
    table.writeUInt32LE(link, 64 * index + 0x28);
    table.writeUInt32LE(info, 64 * index + 0x2c);
    offset += content.length;
  });
  header.writeBigUInt64LE(BigInt(offset), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(sections.length, 0x3c);
  return Buffer.concat([header, ...sections.map(({ content }) => content), table]);
}

function stringTable() {
  let text = '\0';
  return {
    add(string: string): number {
      const offset = text.length;
      text += `${string}\0`;
      return offset;
    },
    bytes: () => Buffer.from(text, 'latin1'),
  };
}

/** What a library's undefined symbols are called, read independently of the code under test. */
function symbolNames(image: Buffer, count: number): string[] {
  const table = Number(image.readBigUInt64LE(0x28));
  const base = Number(image.readBigUInt64LE(table + 64 * 4 + 0x18));
  return Array.from({ length: count }, (_, index) => {
    const start = base + image.readUInt32LE(64 + 24 * (index + 1));
    return image.toString('latin1', start, image.indexOf(0, start));
  });
}

function relinked(image: Buffer, host = GLIBC_2_36) {
  const result = relink(image, host);
  if (!result.ok) throw new Error(result.message);
  return result;
}

describe('relinking a library for an older glibc', () => {
  it('binds the C23 functions and fmod to their older twins', () => {
    const original = elfLibrary([
      ['__isoc23_strtoul', 'GLIBC_2.38'],
      ['malloc', 'GLIBC_2.2.5'],
      ['fmod', 'GLIBC_2.38'],
    ]);
    const result = relinked(original);
    expect(result.symbols).toEqual(['__isoc23_strtoul', 'fmod']);
    expect(symbolNames(result.image, 3)).toEqual(['strtoul', 'malloc', 'fmod']);
    expect(requiredVersions(result.image)).toEqual(['GLIBC_2.2.5']);
    expect(requiredVersions(original)).toEqual(['GLIBC_2.38', 'GLIBC_2.2.5']);
  });

  it('takes away the version of the symbols it binds anew, and only theirs', () => {
    const { image } = relinked(
      elfLibrary([
        ['__isoc23_sscanf', 'GLIBC_2.38'],
        ['malloc', 'GLIBC_2.2.5'],
      ]),
    );
    const versions = 64 + 24 * 3;
    expect([image.readUInt16LE(versions + 2), image.readUInt16LE(versions + 4)]).toEqual([1, 3]);
  });

  it('leaves the original as it was, and the copy as long', () => {
    const original = elfLibrary([['__isoc23_strtol', 'GLIBC_2.38']]);
    const before = Buffer.from(original);
    const { image } = relinked(original);
    expect(original.equals(before)).toBe(true);
    expect(image).toHaveLength(original.length);
  });

  it('changes nothing where the host has every version', () => {
    const original = elfLibrary([['__isoc23_strtol', 'GLIBC_2.38']]);
    const result = relinked(original, GLIBC_2_38);
    expect(result.symbols).toEqual([]);
    expect(result.image.equals(original)).toBe(true);
  });

  it('changes nothing the second time', () => {
    const once = relinked(elfLibrary([['fmod', 'GLIBC_2.38']])).image;
    const twice = relinked(once);
    expect(twice.symbols).toEqual([]);
    expect(twice.image.equals(once)).toBe(true);
  });

  it.each(['strlcpy', 'arc4random', '__isoc23_wcstol', 'xfmod'])(
    'refuses %s, which has no older twin here, by its name',
    (symbol) => {
      const result = relink(elfLibrary([[symbol, 'GLIBC_2.38']]), GLIBC_2_36);
      expect(result).toMatchObject({ ok: false, code: 'NO_OLDER_TWIN' });
      expect(result.ok ? '' : result.message).toContain(`${symbol}@GLIBC_2.38`);
    },
  );

  it('answers NOT_ELF64 for what is no such library', () => {
    const big = elfLibrary([]);
    big[5] = 2;
    for (const image of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'.repeat(20)), big]) {
      expect(relink(image, GLIBC_2_36)).toMatchObject({ ok: false, code: 'NOT_ELF64' });
    }
  });

  it('answers for any damaged library, without throwing or hanging', () => {
    const original = elfLibrary([
      ['__isoc23_strtol', 'GLIBC_2.38'],
      ['malloc', 'GLIBC_2.2.5'],
    ]);
    fc.assert(
      fc.property(
        fc.nat(original.length),
        fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 8 }),
        (length, changes) => {
          const image = Buffer.from(original);
          for (const [at, byte] of changes) image[at] = byte;
          expect(typeof relink(image.subarray(0, length), GLIBC_2_36).ok).toBe('boolean');
          expect(typeof relink(image, GLIBC_2_36).ok).toBe('boolean');
        },
      ),
      { seed: 1 },
    );
  });
});

describe('glibc versions', () => {
  it('are read from two or three numbers', () => {
    expect(parseGlibcVersion('2.36')).toEqual(GLIBC_2_36);
    expect(parseGlibcVersion('2.2.5')).toEqual({ major: 2, minor: 2 });
    expect(parseGlibcVersion('2')).toBeNull();
    expect(parseGlibcVersion('musl')).toBeNull();
  });

  it('compare as numbers, and other names are never newer', () => {
    expect(isNewer('GLIBC_2.38', GLIBC_2_36)).toBe(true);
    expect(isNewer('GLIBC_3.0', GLIBC_2_36)).toBe(true);
    expect(isNewer('GLIBC_2.36', GLIBC_2_36)).toBe(false);
    expect(isNewer('GLIBC_2.4', GLIBC_2_36)).toBe(false);
    expect(isNewer('GLIBC_ABI_DT_RELR', GLIBC_2_36)).toBe(false);
    expect(isNewer('GCC_4.2.0', GLIBC_2_36)).toBe(false);
  });
});

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

const hasPackagedEngine =
  process.platform === 'linux' && unsupportedPlatform(currentPlatform()) === null;

describe.skipIf(!hasPackagedEngine)('the packaged engine', () => {
  it('asks for nothing above glibc 2.36 once it is relinked, and only known symbols changed', async () => {
    const { files } = await readPackagedEngine();
    expect(files.map(({ name }) => path.extname(name)).sort()).toEqual(['.node', '.so']);
    for (const { content } of files) {
      const { image, symbols } = relinked(content);
      const needed = requiredVersions(image) ?? [];
      expect(needed.length).toBeGreaterThan(0);
      expect(needed.filter((version) => isNewer(version, GLIBC_2_36))).toEqual([]);
      for (const symbol of symbols) {
        expect(symbol).toMatch(/^(fmod|__isoc23_(strtou?ll?|sscanf|fscanf))$/);
      }
    }
  });

  it('is refused on a glibc that lacks more than the known symbols', async () => {
    const { files } = await readPackagedEngine();
    const results = files.map(({ content }) => relink(content, { major: 2, minor: 34 }));
    expect(results.some((result) => !result.ok && result.code === 'NO_OLDER_TWIN')).toBe(true);
  });
});

describe('the machine', () => {
  const machine = { os: 'linux', cpu: 'x64', glibc: '2.36' };

  it('can run the engine on Linux with glibc and on macOS with arm64', () => {
    expect(unsupportedPlatform(machine)).toBeNull();
    expect(unsupportedPlatform({ ...machine, cpu: 'arm64' })).toBeNull();
    expect(unsupportedPlatform({ os: 'darwin', cpu: 'arm64', glibc: null })).toBeNull();
  });

  it.each([
    { os: 'win32', cpu: 'x64', glibc: null },
    { os: 'linux', cpu: 'x64', glibc: null },
    { os: 'darwin', cpu: 'x64', glibc: null },
    { os: 'linux', cpu: 'ia32', glibc: '2.36' },
  ])('is told to use a server on $os $cpu, glibc $glibc', (platform) => {
    const failure = unsupportedPlatform(platform);
    expect(failure?.code).toBe('PLATFORM_UNSUPPORTED');
    expect(failure?.message).toContain('MONGO_URI=mongodb://localhost:27017');
  });

  it.skipIf(process.platform !== 'linux' || currentPlatform().glibc === null)(
    'tells its glibc as the system does',
    () => {
      const told = execFileSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' });
      expect(told.trim()).toBe(`glibc ${String(currentPlatform().glibc)}`);
    },
  );
});
