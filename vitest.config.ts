import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/longest-first.js';
import { PATIENCE_MS } from './test/support/patience.js';
import SecondTry from './test/support/second-try.js';

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES modules where Node takes its CommonJS ones, and graphql refuses
    // to work with two copies of itself.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
    globalSetup: [
      'test/support/log-check.ts',
      'test/support/build-check.ts',
      'test/support/engine-folder.ts',
    ],
    // Most of the time goes into waiting for processes, turns and sockets: four files at a time do well
    // even where there are only two cores.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    // What files import is loaded once for all that a process runs: they leave no timer and no mock behind.
    isolate: false,
    include: ['test/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    // A machine that others use may stop for seconds: what fails there once is tried again, and named at the end.
    // Nowhere else, so that whoever works on a test sees it fail.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default', new SecondTry()],
    expect: { poll: { timeout: PATIENCE_MS } },
    // A wait is what fails first, with what it waited for.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
