import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './test/support/longest-first.js';

/**
 * Files with processes, pages and engines of their own, each in a process of its own. The others share
 * the processes that run them, so that what they import is loaded once for many: they leave no timer
 * and no mock behind.
 */
const ALONE = [
  ...['test/*.test.ts', 'test/cli/*.test.ts', 'test/dashboard/*.test.ts'],
  ...['test/embedded-mongo/*.test.ts', 'test/system/*.test.ts', 'test/http/graphiql.test.ts'],
];

export default defineConfig({
  resolve: {
    // Vite would take graphql's ES modules where Node takes its CommonJS ones, and graphql refuses
    // to work with two copies of itself.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    setupFiles: ['reflect-metadata', './test/support/property-seed.ts'],
    globalSetup: ['test/support/log-check.ts', 'test/support/build-check.ts'],
    // Most of the time goes into waiting for processes, turns and sockets: four files at a time do well
    // even where there are only two cores.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ALONE },
      },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          isolate: false,
        },
      },
    ],
  },
});
