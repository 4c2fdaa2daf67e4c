import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';
import { installedEngine, readPackagedEngine } from '../../src/embedded-mongo/relink-cache.js';
import {
  isNewer,
  parseGlibcVersion,
  relink,
  requiredVersions,
} from '../../src/embedded-mongo/relink.js';
import { elfLibrary } from '../support/elf.js';

const GLIBC_2_36 = { major: 2, minor: 36 };
const GLIBC_2_38 = { major: 2, minor: 38 };

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

const hasPackagedEngine =
  process.platform === 'linux' && unsupportedPlatform(currentPlatform()) === null;

describe.skipIf(!hasPackagedEngine)('the packaged engine', () => {
  it('asks for nothing above glibc 2.36 once it is relinked, and only known symbols changed', async () => {
    const { files } = await readPackagedEngine(await installedEngine());
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
    const { files } = await readPackagedEngine(await installedEngine());
    const results = files.map(({ content }) => relink(content, { major: 2, minor: 34 }));
    expect(results.some((result) => !result.ok && result.code === 'NO_OLDER_TWIN')).toBe(true);
  });
});
