import type { TestProject } from 'vitest/node';
import { makeTemporaryFolder, removeFolder } from './temporary.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the engines of the processes that run tests have their databases. */
    engineFolder: string;
  }
}

/** Engines close when the process that opened them has ended; then what they held goes. */
export default function setUp(project: TestProject): () => void {
  const folder = makeTemporaryFolder();
  project.provide('engineFolder', folder);
  return () => removeFolder(folder);
}
