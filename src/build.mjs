// Builds what is out of date and nothing else: the server by tsc into dist/, from that the program that is
// started into dist/bundle/, what others load of the client, and each page by Vite into dist/<name>/. By hand
// because build runners do this worse: wireit takes three times as long to find that nothing is to be done
// and takes pages away while a server still serves them; tsc -b knows no pages.
// With --check it builds nothing, and says what is out of date.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from './build-lock.mjs';

const ENTRY = 'dist/cli/main.js';
/** The program in a few files, which the entry starts. */
const PROGRAM = 'dist/bundle';
const LOCK = 'dist/.lock';
/** The types of the client, and the client for pages that load it without any tool. */
const TYPES = 'dist/types';
const BROWSER = 'dist/browser';
/** What tsc goes by. It does not look whether what it has made is still there. */
const RECORD = 'dist/.tsbuildinfo';
/** What every part is made of, beside its own folders. */
const COMMON = ['package-lock.json', 'tsconfig.json', 'src/build.mjs'];
/** What bundles that are not pages are made by. */
const BUNDLING = ['src/tsconfig.build.json', 'src/bundle.mjs', 'src/notices.mjs'];

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {() => string[]} inputs the files that it is made of
 * @property {() => string[]} outputs what there is of it
 * @property {() => Promise<void>} build
 */

/** @type {Part[]} */
const PAGES = [
  page('dashboard', ['src/dashboard', 'src/client', 'src/generated']),
  page('graphiql', ['src/graphiql']),
];
/** What others load of the client: its types, and all of it in one file for pages. @type {Part} */
const CLIENT = {
  name: 'client',
  inputs: () => [
    ...[...filesIn('src/client'), ...filesIn('src/generated')],
    ...['src/tsconfig.client.json', ...BUNDLING],
  ],
  outputs: () => [TYPES, BROWSER].flatMap(filesIn),
  build: buildClient,
};
/** @type {Part} */
const SERVER = {
  name: 'server',
  inputs: () => [...sources(), ...BUNDLING],
  outputs: () => filesIn('dist').filter((file) => !file.startsWith('dist/.') && !isOfOthers(file)),
  build: buildServer,
};

/** @returns {Part} */
function page(name, folders) {
  return {
    name,
    inputs: () => [...folders.flatMap(filesIn), 'src/tsconfig.page.json'],
    outputs: () => filesIn(`dist/${name}`),
    build: () => buildPage(name),
  };
}

/** All files under a folder, sorted, with slashes; none where there is no folder. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((found) => found.isFile())
    .map((found) => path.join(found.parentPath ?? found.path, found.name).replaceAll('\\', '/'))
    .sort();
}

function isOfPage(file) {
  return PAGES.some(({ name }) => file.split('/')[1] === name);
}

/** Whether a file in `dist` is of another part than the server. */
function isOfOthers(file) {
  return isOfPage(file) || [TYPES, BROWSER].some((folder) => file.startsWith(`${folder}/`));
}

function sources() {
  return filesIn('src').filter((file) => /(?<!\.d)\.ts$/.test(file) && !isOfPage(file));
}

/** @param {Part} part */
function fingerprint(part) {
  const hash = createHash('sha256');
  for (const file of [...COMMON, ...part.inputs()]) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** What a part was made of last, and which files came of it. @param {Part} part */
function stampOf({ name }) {
  return `dist/.${name}.stamp`;
}

/** @param {Part} part */
function isUpToDate(part) {
  const stamp = stampOf(part);
  if (!existsSync(stamp)) return false;
  return readFileSync(stamp, 'utf8') === [fingerprint(part), ...part.outputs()].join('\n');
}

/** @param {Part} part */
async function make(part) {
  const madeOf = fingerprint(part);
  // Should it be killed half way, what it leaves behind counts for nothing.
  rmSync(stampOf(part), { force: true });
  await part.build();
  writeFileSync(stampOf(part), [madeOf, ...part.outputs()].join('\n'));
  console.log(`built ${part.name} in ${seconds()} s`);
}

/** How long this has run. */
function seconds() {
  return (performance.now() / 1000).toFixed(1);
}

/** Says what is begun: a build takes long enough for people to wonder. */
function begin(part, step) {
  console.log(`${seconds().padStart(6)} s  ${part}: ${step}`);
}

async function buildServer() {
  const files = new Set(
    sources().flatMap((source) => {
      const output = source.replace(/^src/, 'dist').replace(/ts$/, 'js');
      return [output, `${output}.map`];
    }),
  );
  if (![...files].every((file) => existsSync(file))) rmSync(RECORD, { force: true });
  begin('server', 'compiling');
  await run('node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.build.json', '--noEmitOnError');
  const isOld = (file) => !files.has(file) && !file.startsWith(`${PROGRAM}/`);
  for (const file of SERVER.outputs().filter(isOld)) rmSync(file);
  chmodSync(ENTRY, 0o755);
  // Loaded where it is needed: finding that nothing is to be done takes less than loading it.
  begin('server', 'bundling it with its packages');
  const { bundle } = await import('./bundle.mjs');
  await makeFolder(PROGRAM, (made) => bundle('dist/cli/program.js', 'dist', made));
}

async function buildClient() {
  begin('client', 'its types, and one file for pages');
  await makeFolder(TYPES, (made) =>
    run('node_modules/typescript/bin/tsc', '-p', 'src/tsconfig.client.json', '--outDir', made),
  );
  const { bundleForPages } = await import('./bundle.mjs');
  await makeFolder(BROWSER, (made) => bundleForPages('src/client/index.ts', `${made}/client.js`));
}

async function buildPage(name) {
  begin(name, 'bundling the page');
  await makeFolder(`dist/${name}`, (made) => {
    const outDir = ['--outDir', path.resolve(made), '--emptyOutDir'];
    return run('node_modules/vite/bin/vite.js', 'build', `src/${name}`, ...outDir, '-l', 'warn');
  });
}

/** Has a folder made aside, and moves it in place when it is whole. */
async function makeFolder(target, make) {
  const name = path.basename(target);
  const [made, old] = [`dist/.new-${name}`, `dist/.old-${name}`];
  rmSync(made, { recursive: true, force: true });
  await make(made);
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(made, target);
  rmSync(old, { recursive: true, force: true });
}

/** Runs a Node program, which says itself what it finds wrong. */
async function run(...args) {
  // A page must not become a development build because of what the caller's shell has set.
  const env = { ...process.env, NODE_ENV: 'production' };
  const [code] = await once(spawn(process.execPath, args, { env, stdio: 'inherit' }), 'close');
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
}

/** @param {Part[]} parts */
function check(parts) {
  for (const { name, inputs } of parts.filter((part) => !isUpToDate(part))) {
    const changed = inputs().map((file) => ({ file, at: statSync(file).mtimeMs }));
    const { file } = changed.reduce((newest, one) => (one.at > newest.at ? one : newest));
    console.error(`the ${name} in dist is older than ${file}: run npm run build`);
    process.exitCode = 1;
  }
}

/** @param {Part[]} parts */
function announce(parts) {
  const isFirst = !existsSync(ENTRY);
  const often = isFirst ? ' (once; about half a minute, and later only what has changed)' : '';
  console.log(`building ${parts.map(({ name }) => name).join(', ')}${often}`);
}

async function main() {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  // What was built is all that there is where the development dependencies were left out.
  if (existsSync(ENTRY) && !existsSync('node_modules/vite')) return;
  if (!existsSync('node_modules/typescript')) {
    console.error('the packages that it is built with are not there: run npm ci first');
    process.exitCode = 1;
    return;
  }
  const parts = [SERVER, CLIENT, ...PAGES];
  if (process.argv.includes('--check')) return check(parts);
  if (!existsSync(LOCK) && parts.every(isUpToDate)) return;
  mkdirSync('dist', { recursive: true });
  await lock(LOCK);
  try {
    const stale = parts.filter((part) => !isUpToDate(part));
    if (stale.length > 0) announce(stale);
    const made = await Promise.allSettled(stale.map(make));
    for (const { reason } of made.filter(({ status }) => status === 'rejected')) {
      console.error(`not built: ${reason.message}`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(LOCK, { force: true });
  }
}

await main();
