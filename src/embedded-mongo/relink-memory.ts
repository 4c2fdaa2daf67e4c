import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { ensurePrivateFolder } from '../data-dir/private-folder.js';
import type { InstalledEngine } from './relink-cache.js';
import type { GlibcVersion } from './relink.js';

/** What a note holds: the relinked addon, and how large each file of its folder has to be. */
const note = z.object({ addon: z.string(), sizes: z.record(z.string(), z.number()) });

/**
 * Notes in the folder of a relinked library that it was made of the engine as it is installed here, so
 * that the next start neither tries the packaged library nor reads it. A start works without the note.
 */
export async function rememberRelinked(engine: InstalledEngine, addon: string): Promise<void> {
  const folder = path.dirname(addon);
  const sizes: Record<string, number> = {};
  for (const name of engine.names) sizes[name] = (await stat(path.join(folder, name))).size;
  const text = JSON.stringify({ addon: path.basename(addon), sizes } satisfies z.infer<
    typeof note
  >);
  await writeFileAtomic(path.join(folder, await noteName(engine)), text, { mode: 0o600 });
}

/** The addon that was relinked of this very installation for this glibc and is whole; null where none is. */
export async function relinkedBefore(
  engine: InstalledEngine,
  host: GlibcVersion,
  cacheFolders: readonly string[],
): Promise<string | null> {
  const name = await noteName(engine);
  for (const parent of cacheFolders) {
    for (const entry of await readdir(parent).catch(() => [])) {
      if (!entry.endsWith(`-glibc${host.major}.${host.minor}`)) continue;
      const addon = await addonOf(parent, path.join(parent, entry), name).catch(() => null);
      if (addon !== null) return addon;
    }
  }
  return null;
}

/** @throws where there is no such note, or no file that it speaks of. */
async function addonOf(parent: string, folder: string, name: string): Promise<string | null> {
  const { addon, sizes } = note.parse(JSON.parse(await readFile(path.join(folder, name), 'utf8')));
  for (const [file, size] of Object.entries(sizes)) {
    const stats = await lstat(path.join(folder, file));
    if (!stats.isFile() || stats.size !== size) return null;
  }
  // What others can write to is not loaded.
  const fault = (await ensurePrivateFolder(parent)) ?? (await ensurePrivateFolder(folder));
  return fault === null && addon in sizes ? path.join(folder, addon) : null;
}

/** Another one for each installation: by the release, and by the size and time of each file. */
async function noteName({ folder, version, names }: InstalledEngine): Promise<string> {
  const hash = createHash('sha256').update(version);
  for (const name of names) {
    const { size, mtimeMs } = await stat(path.join(folder, name));
    hash.update(`\0${name}\0${size}\0${mtimeMs}`);
  }
  return `made-of-${hash.digest('hex').slice(0, 16)}.json`;
}
