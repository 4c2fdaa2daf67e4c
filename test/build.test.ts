import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder, removeFolder } from './support/temporary.js';

const PAGES = ['dashboard', 'graphiql'];
const PARTS = ['server', 'client', ...PAGES];

const CONFIGS = ['build', 'client', 'page'].map((name) => `src/tsconfig.${name}.json`);

/** A project of a few lines that is built as this one is. */
class SmallProject {
  readonly folder = makeTemporaryFolder();
  /** What the last build said. */
  printed = '';

  constructor() {
    symlinkSync(path.resolve('node_modules'), path.join(this.folder, 'node_modules'));
    for (const file of ['tsconfig.json', ...CONFIGS]) {
      mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      cpSync(file, path.join(this.folder, file));
    }
    for (const file of ['build', 'build-lock', 'bundle', 'notices'].map(
      (name) => `src/${name}.mjs`,
    ))
      cpSync(file, path.join(this.folder, file));
    this.write('package.json', '{ "type": "module" }');
    this.write('package-lock.json', '{}');
    this.write('src/cli/main.ts', `export const answer = 1;\n`);
    this.write('src/cli/program.ts', 'export {};\n');
    this.write('src/domain/asset.ts', `export const asset = 'BTC';\n`);
    this.write('src/client/index.ts', `export const client = 1;\n`);
    for (const page of PAGES) {
      this.write(`src/${page}/index.html`, '<script type="module" src="./main.js"></script>');
      this.write(`src/${page}/main.js`, `document.title = '${page}';\n`);
    }
    mkdirSync(path.join(this.folder, 'src/generated'));
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
    writeFileSync(path.join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  has(file: string): boolean {
    return existsSync(path.join(this.folder, file));
  }

  remove(file: string): void {
    rmSync(path.join(this.folder, file), { recursive: true });
  }

  /** What one run says that it built; null where it failed. */
  async build(): Promise<string[] | null> {
    const child = spawn(process.execPath, ['src/build.mjs'], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    this.printed = printed;
    return code === 0 ? [...printed.matchAll(/^built (\w+) in /gm)].map((m) => m[1] ?? '') : null;
  }

  /** What the program that was built prints, and on standard error. */
  async start(): Promise<{ printed: string; complaint: string }> {
    const child = spawn(process.execPath, ['dist/cli/main.js'], { cwd: this.folder });
    let [printed, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    await once(child, 'close');
    return { printed, complaint };
  }

  /** What it says of what is out of date. */
  async check(): Promise<string> {
    const child = spawn(process.execPath, ['src/build.mjs', '--check'], {
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(printed === '' ? 0 : 1);
    return printed;
  }
}

describe('a build', () => {
  let project: SmallProject;
  let told: string;
  beforeAll(async () => {
    project = new SmallProject();
    expect(new Set(await project.build())).toEqual(new Set(PARTS));
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

  it('does nothing where nothing has changed', async () => {
    expect(await project.build()).toEqual([]);
    expect(project.printed).toBe('');
  });

  it('builds the part again whose source has changed, and no other', async () => {
    project.write('src/cli/main.ts', 'export const answer = 42;\n');
    expect(await project.build()).toEqual(['server']);
    expect(project.read('dist/cli/main.js')).toContain('answer = 42');
    project.write('src/graphiql/main.js', `document.title = 'other';\n`);
    expect(await project.build()).toEqual(['graphiql']);
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

  it('builds again what notices go along with where these are made otherwise', async () => {
    project.write('src/notices.mjs', `${project.read('src/notices.mjs')}// Otherwise.\n`);
    expect(new Set(await project.build())).toEqual(new Set(['server', 'client']));
  });

  it('leaves nothing of a source that is gone', async () => {
    project.write('src/domain/more/gone.ts', 'export {};\n');
    expect(await project.build()).toEqual(['server']);
    expect(project.has('dist/domain/more/gone.js')).toBe(true);
    project.remove('src/domain/more');
    expect(await project.build()).toEqual(['server']);
    expect(project.has('dist/domain/more/gone.js')).toBe(false);
    expect(project.has('dist/domain/asset.js')).toBe(true);
  });

  it('makes again what is missing of what was built', async () => {
    project.remove('dist/domain/asset.js');
    project.remove('dist/dashboard/index.html');
    expect(new Set(await project.build())).toEqual(new Set(['server', 'dashboard']));
    expect(project.has('dist/domain/asset.js')).toBe(true);
    expect(project.has('dist/dashboard/index.html')).toBe(true);
  });

  it('that fails leaves what was built, and is tried again', async () => {
    project.write('src/cli/main.ts', 'export const answer: string = 42;\n');
    expect(await project.build()).toBeNull();
    expect(await project.build()).toBeNull();
    expect(project.read('dist/cli/main.js')).toContain('answer = 42');
    project.write('src/cli/main.ts', 'export const answer = 43;\n');
    expect(await project.build()).toEqual(['server']);
  });

  it('is done once where two are begun together', async () => {
    project.write('src/cli/main.ts', 'export const answer = 44;\n');
    const built = await Promise.all([project.build(), project.build()]);
    expect(built.flat()).toEqual(['server']);
    expect(project.read('dist/cli/main.js')).toContain('answer = 44');
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

  it('that is only asked for says which part is older than which source, and makes nothing', async () => {
    expect(await project.check()).toBe('');
    project.write('src/cli/main.ts', 'export const answer = 45;\n');
    const words = 'the server in dist is older than src/cli/main.ts: run npm run build\n';
    expect(await project.check()).toBe(words);
    expect(await project.check()).toBe(words);
    expect(await project.build()).toEqual(['server']);
    expect(await project.check()).toBe('');
  });

  it('does not wait for one that was killed', async () => {
    const killed = spawn(process.execPath, ['--eval', '']);
    await once(killed, 'close');
    project.write('dist/.lock', String(killed.pid));
    expect(await project.build()).toEqual([]);
    expect(project.has('dist/.lock')).toBe(false);
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
