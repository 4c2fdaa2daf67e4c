import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from './system-error.js';

/**
 * Makes a folder that only this user can enter. One that exists already must be this user's own
 * folder, not a link, and closed to everybody else.
 * @returns null when the folder can be relied on, otherwise why not.
 * @throws system errors other than that it exists.
 */
export async function ensurePrivateFolder(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return null;
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
  const stats = await lstat(folder);
  if (!stats.isDirectory()) return `${folder} is not a folder`;
  if (stats.uid !== process.getuid?.()) return `${folder} belongs to another user`;
  if ((stats.mode & 0o077) !== 0) return `${folder} is open to other users`;
  return null;
}

/**
 * Makes a folder and those above it, each closed to other users; what exists stays as it is.
 * Node's own recursive `mkdir` never ends where a parent exists that takes no folders (`/proc`).
 * @throws system errors.
 */
export async function makeFolders(folder: string): Promise<void> {
  if (await makeFolder(folder)) return;
  await makeFolders(path.dirname(folder));
  // Whoever else made it meanwhile is welcome; anything else is thrown as it is.
  if (!(await makeFolder(folder))) await mkdir(folder, { mode: 0o700 });
}

/** @returns false where the folder above does not exist. */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'ENOENT' && path.dirname(folder) !== folder) return false;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return true;
    throw error;
  }
}

/** Makes a folder that holds nothing but this program's data, and closes it to other users. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await makeFolders(folder);
  const stats = await lstat(folder);
  if (stats.uid === process.getuid?.() && (stats.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
