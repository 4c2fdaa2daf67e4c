import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { FORBIDDEN_IN_LOGS } from './secrets.js';

declare module 'vitest' {
  interface ProvidedContext {
    logFolder: string;
  }
}

/** Keeps what the whole suite logs, at every level, and fails the run if there is a secret in it. */
export default function setUp(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'dynamics-logs-'));
  project.provide('logFolder', folder);
  return () => {
    const found = readdirSync(folder).flatMap((file) => secretsIn(path.join(folder, file)));
    rmSync(folder, { recursive: true });
    if (found.length === 0) return;
    // An exception here is printed, but does not fail the run by itself.
    process.exitCode = 1;
    throw new Error(`secrets in the logs of the suite:\n${found.join('\n')}`);
  };
}

/** The lines of a log that hold a secret, each cut so that it shows where and not what. */
export function secretsIn(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => FORBIDDEN_IN_LOGS.some((secret) => secret.test(line)))
    .map((line) => line.slice(0, 300));
}
