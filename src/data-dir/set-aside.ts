import { lstat, rename } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from './system-error.js';
import { makeFolders } from './private-folder.js';

/** `DATA_DIR/rejected/<database>`: what could not be understood or stored, for people to look at. */
export function rejectedFolder(dataDir: string, databaseName: string): string {
  return path.join(dataDir, 'rejected', databaseName);
}

/**
 * Moves a file, or a folder, into another folder, under a name that is free there.
 * @returns where it is now
 * @throws system errors
 */
export async function setAside(file: string, folder: string): Promise<string> {
  await clearWay(folder, path.dirname(path.dirname(folder)));
  await makeFolders(folder);
  const place = await freePlace(path.join(folder, path.basename(file)));
  await rename(file, place);
  return place;
}

/**
 * Makes sure that nothing but folders stands where a folder is to be; whatever else is there keeps
 * its place under another name.
 * @returns the new names of what was in the way
 * @throws system errors
 */
export async function clearWay(folder: string, root: string): Promise<string[]> {
  const moved: string[] = [];
  const names = path.relative(root, folder).split(path.sep);
  for (let depth = 1; depth <= names.length; depth++) {
    const part = path.join(root, ...names.slice(0, depth));
    if (await isFolderOrNothing(part)) continue;
    const place = await freePlace(`${part}.not-a-folder`);
    await rename(part, place);
    moved.push(place);
  }
  return moved;
}

async function freePlace(file: string): Promise<string> {
  for (let count = 0; ; count++) {
    const place = count === 0 ? file : `${file}.${count}`;
    if (!(await exists(place))) return place;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function isFolderOrNothing(place: string): Promise<boolean> {
  try {
    const stats = await lstat(place);
    return stats.isDirectory() || stats.isSymbolicLink();
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return true;
    throw error;
  }
}
