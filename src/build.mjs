// Builds what is out of date and nothing else: the server by tsc into dist/, and each page by Vite
// into dist/<name>/. `--force` builds all.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The pages: `src/<name>` becomes `dist/<name>`. `inputs` are all the folders that go into it. */
const PAGES = [
  { name: 'dashboard', inputs: ['src/dashboard', 'src/generated'] },
  { name: 'graphiql', inputs: ['src/graphiql'] },
];

/** What every part depends on. */
const COMMON_INPUTS = ['package-lock.json', 'tsconfig.json', 'src/build.mjs'];

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.stamp.json');
const lockFile = path.join(dist, '.lock');
const entry = path.join(dist, 'cli', 'main.js');

/**
 * A part of the build. Paths are relative to the project.
 * @typedef {object} Part
 * @property {string} name
 * @property {() => string[]} inputs the files that it is made of
 * @property {() => Promise<string[]>} build makes it, and returns the files made
 */

/** The compiler's own words, to be shown as they are. */
class BuildError extends Error {}

/** @returns {Part[]} */
function partsOf() {
  const server = {
    name: 'server',
    inputs: () => [...serverSources(), 'src/tsconfig.build.json'],
    build: buildServer,
  };
  const pages = PAGES.map(({ name, inputs }) => ({
    name,
    inputs: () => inputs.flatMap(filesIn),
    build: () => buildPage(name),
  }));
  return [server, ...pages];
}

/** All files under a folder of the project, sorted, as paths with slashes. */
function filesIn(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((found) => found.isFile())
    .map((found) => path.relative(root, path.join(found.parentPath ?? found.path, found.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

function serverSources() {
  const pages = PAGES.map(({ name }) => `src/${name}/`);
  return filesIn('src').filter(
    (file) => /(?<!\.d)\.ts$/.test(file) && !pages.some((page) => file.startsWith(page)),
  );
}

/** @param {Part} part */
function fingerprint(part) {
  const hash = createHash('sha256');
  for (const file of [...COMMON_INPUTS, ...part.inputs()]) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** What was built last: for each part its fingerprint and files. Unreadable counts as nothing. */
function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function writeStamp(stamp) {
  const written = `${stampFile}.${process.pid}`;
  writeFileSync(written, JSON.stringify(stamp));
  renameSync(written, stampFile);
}

/** @param {Part} part */
function isUpToDate(part) {
  const built = readStamp()[part.name];
  return (
    built?.fingerprint === fingerprint(part) &&
    built.files.every((file) => existsSync(path.join(root, file)))
  );
}

async function buildServer() {
  const outputs = serverSources().flatMap((source) => {
    const output = source.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js');
    return [output, `${output}.map`];
  });
  const isMissing = (file) => !existsSync(path.join(root, file));
  const record = path.join(dist, '.tsbuildinfo');
  // tsc goes by its record of what it emitted, and does not look whether that is still there.
  if (outputs.some(isMissing)) rmSync(record, { force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const color = process.stderr.isTTY ? 'true' : 'false';
  await run([tsc, '-p', 'src/tsconfig.build.json', '--noEmitOnError', '--pretty', color]);
  const lacking = outputs.find(isMissing);
  if (lacking !== undefined) throw new BuildError(`tsc did not emit ${lacking}`);
  removeStale(new Set(outputs));
  chmodSync(entry, 0o755);
  return outputs;
}

/** Removes what deleted sources left behind; pages and dotfiles are not the server's. */
function removeStale(outputs) {
  const kept = new Set(PAGES.map(({ name }) => name));
  for (const name of readdirSync(dist)) {
    if (name.startsWith('.') || kept.has(name)) continue;
    if (outputs.has(`dist/${name}`)) continue;
    const within = [...outputs].some((output) => output.startsWith(`dist/${name}/`));
    if (!within) {
      rmSync(path.join(dist, name), { recursive: true });
      continue;
    }
    for (const file of filesIn(`dist/${name}`)) {
      if (!outputs.has(file)) rmSync(path.join(root, file));
    }
  }
}

/** Bundles into a folder aside and moves it in place when it is whole. */
async function buildPage(name) {
  const { build } = await import('vite');
  const made = path.join(dist, `.new-${name}-${process.pid}`);
  const replaced = path.join(dist, `.old-${name}-${process.pid}`);
  const target = path.join(dist, name);
  try {
    await build({
      root: path.join(root, 'src', name),
      configFile: path.join(root, 'src', name, 'vite.config.ts'),
      mode: 'production',
      logLevel: 'warn',
      build: { outDir: made, emptyOutDir: true },
    }).catch((error) => {
      throw new BuildError(error.message);
    });
    if (existsSync(target)) renameSync(target, replaced);
    renameSync(made, target);
  } finally {
    rmSync(made, { recursive: true, force: true });
    rmSync(replaced, { recursive: true, force: true });
  }
  return filesIn(`dist/${name}`);
}

/** Runs a Node program in the project's folder; what it prints goes into the error if it fails. */
function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += chunk));
    child.stderr.on('data', (chunk) => (printed += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new BuildError(printed.trim()));
    });
  });
}

/** Builds one at a time; a lock whose holder is gone (killed) counts for nothing. */
async function withLock(work) {
  mkdirSync(dist, { recursive: true });
  for (let attempts = 0; ; attempts += 1) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = lockHolder();
    if (holder !== null && !isRunning(holder)) {
      rmSync(lockFile, { force: true });
      continue;
    }
    if (attempts === 20) console.log(`waiting for another build (process ${holder})`);
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** Null while the lock is being written or has just gone. */
function lockHolder() {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || null;
  } catch {
    return null;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** False in an installed package, and where development dependencies were left out. */
function canBuild() {
  if (!existsSync(path.join(root, 'src', 'cli', 'main.ts'))) return false;
  const require = createRequire(import.meta.url);
  try {
    require.resolve('typescript/package.json');
    require.resolve('vite/package.json');
    return true;
  } catch {
    return false;
  }
}

/** Builds parts side by side. @param {Part[]} parts @returns {Promise<boolean>} whether all went well */
async function buildParts(parts) {
  const results = await Promise.all(
    parts.map(async (part) => {
      const started = performance.now();
      const stamp = fingerprint(part);
      try {
        const files = await part.build();
        writeStamp({ ...readStamp(), [part.name]: { fingerprint: stamp, files } });
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        console.log(`built ${part.name} in ${seconds} s`);
        return true;
      } catch (error) {
        const words = error instanceof BuildError ? error.message : (error.stack ?? error);
        console.error(`could not build ${part.name}:\n${words}`);
        return false;
      }
    }),
  );
  return results.every(Boolean);
}

async function main(args) {
  const unknown = args.find((argument) => argument !== '--force');
  if (unknown !== undefined) {
    console.error(`unknown option ${unknown}; usage: node src/build.mjs [--force]`);
    return 1;
  }
  const force = args.includes('--force');
  if (!canBuild()) {
    if (existsSync(entry)) return 0;
    console.error(
      'there is nothing built yet, and building needs the development dependencies: npm ci',
    );
    return 1;
  }
  const parts = partsOf();
  if (!force && !existsSync(lockFile) && parts.every(isUpToDate)) return 0;
  // A page must not become a development build because of what the caller's shell has set.
  process.env.NODE_ENV = 'production';
  return withLock(async () => {
    if (force) rmSync(path.join(dist, '.tsbuildinfo'), { force: true });
    const outdated = force ? parts : parts.filter((part) => !isUpToDate(part));
    return (await buildParts(outdated)) ? 0 : 1;
  });
}

process.exitCode = await main(process.argv.slice(2));
