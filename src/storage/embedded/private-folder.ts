import { chmod, lstat, mkdir } from 'node:fs/promises';
import { errorCodeOf } from './engine-error.js';

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

/** Makes a folder, with those above it, and closes it to other users where it is this user's. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stats = await lstat(folder);
  if (stats.uid === process.getuid?.() && (stats.mode & 0o077) !== 0) await chmod(folder, 0o700);
}
