import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { makeTemporaryFolder } from './temporary.js';

/** The pages that are built, by their folders. */
export const PAGES = ['dashboard', 'graphiql'];
const PARTS = ['server', 'client', ...PAGES];

const CONFIGS = ['build', 'client', 'page'].map((name) => `src/tsconfig.${name}.json`);

/** A project of a few lines that is built as this one is. */
export class SmallProject {
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

  /** Builds it for the first time: all of it. */
  async buildAll(): Promise<void> {
    expect(new Set(await this.build())).toEqual(new Set(PARTS));
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
