import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES, SmallProject } from './support/small-project.js';
import { removeFolder } from './support/temporary.js';

describe('a build', () => {
  let project: SmallProject;
  let told: string;
  beforeAll(async () => {
    project = new SmallProject();
    await project.buildAll();
    told = project.printed;
  });
  afterAll(() => removeFolder(project.folder));

  it('says at once that it takes a while, and each step as it begins', () => {
    const lines = told.split('\n');
    expect(lines[0]).toMatch(
      /^building server, client, dashboard, graphiql \(once; about half a minute/,
    );
    const at = (words: RegExp) => lines.findIndex((line) => words.test(line));
    const steps = [
      /^ +\d+\.\d s {2}server: compiling$/,
      /^ +\d+\.\d s {2}server: bundling/,
      /^built server in/,
    ].map(at);
    expect(steps).not.toContain(-1);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    for (const page of PAGES) {
      const begun = at(new RegExp(`^ +\\d+\\.\\d s {2}${page}: bundling`));
      expect(begun).toBeGreaterThan(0);
      expect(at(new RegExp(`^built ${page} in`))).toBeGreaterThan(begun);
    }
  });

  it('makes types of the client, and one file of it for pages', async () => {
    expect(project.read('dist/types/client/index.d.ts')).toContain('client = 1');
    expect(project.read('dist/browser/client.js')).toContain('client');
    project.write('src/client/index.ts', `export const client = 2;\n`);
    // The dashboard listens by it.
    const built = new Set(await project.build());
    expect(built).toEqual(new Set(['server', 'client', 'dashboard']));
    expect(project.read('dist/types/client/index.d.ts')).toContain('client = 2');
  });

  it('makes a program that finds what its modules have beside them, and names the source of an error', async () => {
    cpSync('src/cli/main.ts', path.join(project.folder, 'src/cli/main.ts'));
    project.write(
      'src/cli/program.ts',
      `import { Command } from 'commander';\nvoid Command;\nimport { fail } from '../domain/fail.js';\nimport { beside } from '../domain/beside.js';\n` +
        `console.log(beside);\nfail();\n`,
    );
    project.write(
      'src/domain/beside.ts',
      `export const beside = new URL('./asset.js', import.meta.url).pathname;\n`,
    );
    project.write(
      'src/domain/fail.ts',
      `export interface Fault { code: number }\n\nexport const fail = (): never => {\n  throw new Error('why');\n};\n`,
    );
    expect(await project.build()).toEqual(['server']);
    const { printed, complaint } = await project.start();
    expect(printed).toBe(`${path.join(project.folder, 'dist/domain/asset.js')}\n`);
    const notices = project.read('dist/bundle/THIRD-PARTY-NOTICES.md');
    expect(notices).toMatch(/^## commander \d\S+ \(MIT\)\n\n[^#]*Permission is hereby granted/m);
    expect(notices.match(/^## /gm)).toHaveLength(1);
    expect(complaint).toMatch(/Error: why\n +at fail \(.*src\/domain\/fail\.ts:4:9\)/);
  });

  it('fails where the program imports what is not there', async () => {
    project.write('src/domain/nothing.d.ts', `declare module 'of-no-package';\n`);
    project.write('src/cli/program.ts', `import 'of-no-package';\n`);
    expect(await project.build()).toBeNull();
    project.write('src/cli/program.ts', 'export {};\n');
    project.write('src/cli/main.ts', 'export const answer = 44;\n');
    expect(await project.build()).toEqual(['server']);
  });
});

it('a build without its packages says where they come from', async () => {
  const { folder } = new SmallProject();
  unlinkSync(path.join(folder, 'node_modules'));
  const child = spawn(process.execPath, ['src/build.mjs'], { cwd: folder });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  removeFolder(folder);
  expect([code, complaint]).toEqual([1, expect.stringMatching(/run npm ci first\n$/)]);
});
