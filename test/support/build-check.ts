import { spawnSync } from 'node:child_process';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why `dist` is not to be tested, in words; empty where it is made of what is in `src`. */
    staleBuild: string;
  }
}

/** Finds out once, for all files, whether `dist` is what `src` makes. */
export default function setUp(project: TestProject): void {
  const { stderr } = spawnSync(process.execPath, ['src/build.mjs', '--check'], {
    encoding: 'utf8',
  });
  project.provide('staleBuild', stderr.trim());
}

/** For tests of what was built: fails where that is not what is in `src`. */
export function refuseStaleBuild(): void {
  const words = inject('staleBuild');
  if (words !== '') throw new Error(words);
}
