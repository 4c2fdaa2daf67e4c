import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Where Linux has files in memory. */
const IN_MEMORY = '/dev/shm';
/** So much is to be free there, bytes: twice what all that runs at a time takes. */
const ROOM = 2 ** 30;
const PREFIX = 'dynamics-test-';
/** What is as old as that is of no run that still goes on, milliseconds. */
const OLD_MS = 6 * 3_600_000;

/** A new folder: in memory where there is room, because a disk has every database wait that is made. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(path.join(hasMemory() ? IN_MEMORY : tmpdir(), PREFIX));
}

/** Removes what runs that were killed have left, where this user may: in memory nobody else does. */
export function removeOldFolders(now = Date.now()): void {
  for (const place of new Set([IN_MEMORY, tmpdir()])) {
    try {
      for (const name of readdirSync(place).filter((each) => each.startsWith(PREFIX))) {
        const folder = path.join(place, name);
        if (now - statSync(folder).mtimeMs > OLD_MS) removeFolder(folder);
      }
    } catch {
      // It is not there, or somebody else's.
    }
  }
}

function hasMemory(): boolean {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return Math.min(bavail * bsize, process.availableMemory()) > ROOM;
  } catch {
    return false;
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** A new folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}
