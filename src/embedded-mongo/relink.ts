/**
 * Rewrites the version needs of a shared object, so that a library linked against a newer glibc
 * loads on an older one. It is what `patchelf --rename-dynamic-symbols` together with
 * `--clear-symbol-version` does, for the few functions whose older twin behaves the same.
 *
 * Layout: ELF-64 Object File Format 1.5 and "Symbol Versioning" in the Linux Standard Base Core
 * Specification, both little endian here.
 */

/** A glibc release, such as 2.36. */
export interface GlibcVersion {
  readonly major: number;
  readonly minor: number;
}

export type RelinkResult =
  | {
      readonly ok: true;
      /** A changed copy; as long as the original. */
      readonly image: Buffer;
      /** The symbols that were bound anew, as they were called. */
      readonly symbols: readonly string[];
    }
  | {
      readonly ok: false;
      readonly code: 'NOT_ELF64' | 'NO_OLDER_TWIN';
      readonly message: string;
    };

/** C23 variants: they differ from the plain names only in accepting `0b` in base 0 and 2. */
const C23_PREFIX = '__isoc23_';
const C23_FUNCTIONS = new Set(['strtol', 'strtoll', 'strtoul', 'strtoull', 'sscanf', 'fscanf']);
/** Functions with the same name at an older version: `fmod` only lost its errno wrapper in 2.38. */
const SAME_NAME = new Set(['fmod']);

const SECTION = { dynsym: 11, versionNeed: 0x6ffffffe, versionSymbol: 0x6fffffff };
const SYMBOL_SIZE = 24;
/** Undefined section index: the symbol comes from another library. */
const SHN_UNDEF = 0;
/** Bound to any version. */
const VER_NDX_GLOBAL = 1;
/** On a version need: a missing version is no failure. */
const VER_FLG_WEAK = 2;

/** Reads `2.36` and the like; null where the text is no version. */
export function parseGlibcVersion(text: string): GlibcVersion | null {
  const match = /^(\d+)\.(\d+)(\.\d+)?$/.exec(text);
  return match === null ? null : { major: Number(match[1]), minor: Number(match[2]) };
}

/**
 * A copy of the shared object that asks for no version above the host's. An image that already
 * asks for none comes back as it was.
 */
export function relink(original: Buffer, host: GlibcVersion): RelinkResult {
  try {
    const tables = findTables(original);
    if (tables !== null) return relinkCopy(Buffer.from(original), tables, host);
  } catch (error) {
    // Offsets that lead out of the file.
    if (!(error instanceof RangeError)) throw error;
  }
  return { ok: false, code: 'NOT_ELF64', message: 'not a 64-bit little endian ELF library' };
}

function relinkCopy(image: Buffer, tables: Tables, host: GlibcVersion): RelinkResult {
  const tooNew = versionNeeds(image, tables).filter((need) => isNewer(need.name, host));
  const versions = new Map(tooNew.map((need) => [need.index, need.name]));
  const symbols: string[] = [];
  const unknown: string[] = [];
  for (const symbol of undefinedSymbols(image, tables)) {
    const version = versions.get(symbol.version);
    if (version === undefined) continue;
    const skip = twinOffset(symbol.name);
    if (skip === null) {
      unknown.push(`${symbol.name}@${version}`);
      continue;
    }
    // The plain name is the tail of the same string, so no string table has to grow.
    image.writeUInt32LE(symbol.nameOffset + skip, symbol.offset);
    image.writeUInt16LE(VER_NDX_GLOBAL, symbol.versionOffset);
    symbols.push(symbol.name);
  }
  if (unknown.length > 0) {
    const message = `glibc ${host.major}.${host.minor} has nothing for ${unknown.join(', ')}`;
    return { ok: false, code: 'NO_OLDER_TWIN', message };
  }
  for (const need of tooNew) image.writeUInt16LE(need.flags | VER_FLG_WEAK, need.offset + 4);
  return { ok: true, image, symbols };
}

/** The versions that a library cannot do without, such as `GLIBC_2.34`; null if it is no ELF-64. */
export function requiredVersions(image: Buffer): readonly string[] | null {
  const tables = findTables(image);
  if (tables === null) return null;
  return versionNeeds(image, tables)
    .filter((need) => (need.flags & VER_FLG_WEAK) === 0)
    .map((need) => need.name);
}

/** Whether a version name such as `GLIBC_2.38` is above the host's release. */
export function isNewer(name: string, host: GlibcVersion): boolean {
  if (!name.startsWith('GLIBC_')) return false;
  const version = parseGlibcVersion(name.slice('GLIBC_'.length));
  if (version === null) return false;
  return version.major === host.major ? version.minor > host.minor : version.major > host.major;
}

/** How many bytes of the name to skip to get the older twin's; null where there is none. */
function twinOffset(name: string): number | null {
  if (SAME_NAME.has(name)) return 0;
  const isTwin = name.startsWith(C23_PREFIX) && C23_FUNCTIONS.has(name.slice(C23_PREFIX.length));
  return isTwin ? C23_PREFIX.length : null;
}

/** A section's place in the file, bytes. */
interface Section {
  readonly offset: number;
  readonly size: number;
  /** Index of the section that this one refers to, here its string table. */
  readonly link: number;
  /** Number of entries, where the section has such a count. */
  readonly info: number;
}

interface Tables {
  readonly symbols: Section;
  readonly versions: Section;
  /** Absent in a library that asks for no versions. */
  readonly needs: Section | null;
  readonly strings: Section;
}

function findTables(image: Buffer): Tables | null {
  const ELF64_LITTLE_ENDIAN = '7f454c460201';
  if (image.length < 64 || image.toString('hex', 0, 6) !== ELF64_LITTLE_ENDIAN) return null;
  const start = Number(image.readBigUInt64LE(0x28));
  const size = image.readUInt16LE(0x3a);
  const count = image.readUInt16LE(0x3c);
  if (start === 0 || size < 64 || start + size * count > image.length) return null;
  const ofType = new Map<number, Section>();
  const sections: Section[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + index * size;
    const section = {
      offset: Number(image.readBigUInt64LE(at + 0x18)),
      size: Number(image.readBigUInt64LE(at + 0x20)),
      link: image.readUInt32LE(at + 0x28),
      info: image.readUInt32LE(at + 0x2c),
    };
    sections.push(section);
    ofType.set(image.readUInt32LE(at + 4), section);
  }
  const symbols = ofType.get(SECTION.dynsym);
  const versions = ofType.get(SECTION.versionSymbol);
  const strings = sections[symbols?.link ?? -1];
  if (symbols === undefined || versions === undefined || strings === undefined) return null;
  const needs = ofType.get(SECTION.versionNeed) ?? null;
  const used = [symbols, versions, strings, ...(needs === null ? [] : [needs])];
  if (used.some((section) => section.offset + section.size > image.length)) return null;
  return { symbols, versions, needs, strings };
}

interface VersionNeed {
  /** Where the entry (`Elf64_Vernaux`) stands in the file. */
  readonly offset: number;
  readonly flags: number;
  /** What `.gnu.version` holds for the symbols of this version. */
  readonly index: number;
  readonly name: string;
}

function versionNeeds(image: Buffer, tables: Tables): VersionNeed[] {
  const needs: VersionNeed[] = [];
  if (tables.needs === null) return needs;
  let file = tables.needs.offset;
  for (let files = tables.needs.info; files > 0; files--) {
    let entry = file + image.readUInt32LE(file + 8);
    for (let entries = image.readUInt16LE(file + 2); entries > 0; entries--) {
      needs.push({
        offset: entry,
        flags: image.readUInt16LE(entry + 4),
        index: image.readUInt16LE(entry + 6),
        name: stringAt(image, tables.strings, image.readUInt32LE(entry + 8)),
      });
      const next = image.readUInt32LE(entry + 12);
      if (next === 0) break;
      entry += next;
    }
    const next = image.readUInt32LE(file + 12);
    if (next === 0) break;
    file += next;
  }
  return needs;
}

interface UndefinedSymbol {
  /** Where the entry (`Elf64_Sym`) stands in the file; its first field is the name's offset. */
  readonly offset: number;
  readonly nameOffset: number;
  readonly name: string;
  readonly version: number;
  /** Where the symbol's entry in `.gnu.version` stands in the file. */
  readonly versionOffset: number;
}

function undefinedSymbols(image: Buffer, tables: Tables): UndefinedSymbol[] {
  const found: UndefinedSymbol[] = [];
  const count = Math.floor(tables.symbols.size / SYMBOL_SIZE);
  // Entry 0 is reserved.
  for (let index = 1; index < count; index++) {
    const offset = tables.symbols.offset + index * SYMBOL_SIZE;
    if (image.readUInt16LE(offset + 6) !== SHN_UNDEF) continue;
    const versionOffset = tables.versions.offset + index * 2;
    const nameOffset = image.readUInt32LE(offset);
    found.push({
      offset,
      nameOffset,
      name: stringAt(image, tables.strings, nameOffset),
      version: image.readUInt16LE(versionOffset),
      versionOffset,
    });
  }
  return found;
}

function stringAt(image: Buffer, strings: Section, offset: number): string {
  const start = strings.offset + offset;
  const end = image.indexOf(0, start);
  if (end < 0) throw new RangeError('a string without an end');
  return image.toString('latin1', start, end);
}
