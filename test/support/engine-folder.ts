import { setTimeout as pause } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import { makeTemporaryFolder, removeFolder, removeOldFolders } from './temporary.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the engines of the processes that run tests have their databases. */
    engineFolder: string;
  }
}

const TRIES = 150;
const PAUSE_MS = 200;

/** Engines close when the process that opened them has ended; then what they held goes. */
export default function setUp(project: TestProject): () => Promise<void> {
  removeOldFolders();
  const folder = makeTemporaryFolder();
  project.provide('engineFolder', folder);
  return async () => {
    for (let tries = 1; ; tries++) {
      try {
        return removeFolder(folder);
      } catch (error) {
        // An engine that closes writes its last.
        if (tries === TRIES) throw error;
        await pause(PAUSE_MS);
      }
    }
  };
}
