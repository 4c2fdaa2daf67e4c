import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** How often a folder is looked at, milliseconds. */
export const LOOK_MS = 1_000;

/** Looks whether a folder stays. */
export interface FolderWatch {
  /** Resolves once it has been deleted, or another is in its place. */
  readonly gone: Promise<void>;
  /** Whether it was seen to be; looks now, too. */
  isGone(): Promise<boolean>;
  close(): void;
}

/** Whoever has files of a folder open goes on writing to them after all of it was deleted. */
export function watchFolder(folder: string): FolderWatch {
  const first = statSync(folder, { throwIfNoEntry: false });
  // One that is made anew may get the number of the one that was deleted.
  let wasGone = first === undefined;
  const isGone = async (): Promise<boolean> => {
    try {
      const now = await stat(folder);
      wasGone ||= now.ino !== first?.ino || now.dev !== first.dev;
    } catch (error) {
      wasGone ||= (error as NodeJS.ErrnoException).code === 'ENOENT';
    }
    return wasGone;
  };
  let timer: NodeJS.Timeout | undefined;
  const gone = new Promise<void>((resolve) => {
    if (!first) return resolve();
    timer = setInterval(() => {
      void isGone().then((so) => so && resolve());
    }, LOOK_MS).unref();
  });
  return { gone, isGone, close: () => clearInterval(timer) };
}
