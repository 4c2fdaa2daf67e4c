import { lstat, readdir, readlink, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from '../data-dir/system-error.js';

/** The engine makes a folder of this kind in the temporary directory for its socket. */
const ENGINE_FOLDER = /^embedded-mongodb-[A-Za-z0-9]{6}$/;
const ENGINE_SOCKET = 'mongodb.sock';
/** In the same folder: where the engine's host hands notifications on. */
const RELAY_SOCKET = 'news.sock';

/** The socket for the notifications of the host whose engine has this one. */
export function relaySocketBeside(engineSocket: string): string {
  return path.join(path.dirname(engineSocket), RELAY_SOCKET);
}

/**
 * Points the link at the engine's socket in one step, and removes what the engine before left
 * behind. Only the process that has the database open may call this: that makes the link's former
 * target the socket of an engine that is gone.
 */
export async function publishSocket(link: string, socket: string): Promise<void> {
  const former = await linkTarget(link);
  await replaceLink(link, socket);
  if (former !== null && former !== socket) await removeLeftOver(path.dirname(former));
}

/** Makes a symbolic link, or replaces it: there is no moment without one. */
export async function replaceLink(link: string, target: string): Promise<void> {
  const fresh = `${link}.${process.pid}.new`;
  await rm(fresh, { force: true });
  await symlink(target, fresh);
  await rename(fresh, link);
}

/** Where a symbolic link points; null where there is none. */
export async function linkTarget(link: string): Promise<string | null> {
  try {
    return await readlink(link);
  } catch (error) {
    const code = errorCodeOf(error);
    // EINVAL: something that is not a link.
    if (code === 'ENOENT' || code === 'EINVAL') return null;
    throw error;
  }
}

/**
 * Removes the folder of a killed engine. Whatever is not beyond doubt such a folder of this user
 * stays: another name, another owner, a link, or anything in it beside the sockets.
 */
export async function removeLeftOver(folder: string): Promise<void> {
  if (!path.isAbsolute(folder) || !ENGINE_FOLDER.test(path.basename(folder))) return;
  try {
    const stats = await lstat(folder);
    const isOurs =
      stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
    if (!isOurs) return;
    const entries = await readdir(folder);
    const known = [ENGINE_SOCKET, RELAY_SOCKET];
    if (entries.some((entry) => !known.includes(entry))) return;
    for (const entry of entries) await unlink(path.join(folder, entry));
    await rmdir(folder);
  } catch (error) {
    // The engine before may just be removing it itself.
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  }
}
