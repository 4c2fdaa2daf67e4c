// Tries the built server on whatever Node runs this: it starts with an embedded database and the simulated
// exchange, has a cycle over HTTP and the next over a WebSocket, and stops cleanly.
//   npx --package=node@24 -- node test/smoke.mjs
// With --packed, the same of what npm packs, unpacked elsewhere, with nothing beside it but its packages.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = 'dist/cli/main.js';
/** What whoever gets the package has to find in it, and what is none of theirs. */
const PACKED = [
  ...['README.md', 'LICENSE', 'CHANGELOG.md', '.env.example', 'schema/schema.graphql'],
  ...['dist/bundle/program.js', 'docs/settings.md', 'deploy/compose.yaml', 'examples/node.mjs'],
  ...['dist/client/node.js', 'dist/types/client/node.d.ts', 'dist/browser/client.js'],
  ...['bundle', 'browser', 'dashboard', 'graphiql'].map(
    (part) => `dist/${part}/THIRD-PARTY-NOTICES.md`,
  ),
];
const NOT_PACKED = ['src', 'test', 'bench', 'dist/.server.stamp', 'package-lock.json'];
const DEADLINE_MS = 120_000;
const CYCLE = 'turn matrix(kind: ID_BENCHMARK) { values }';

/** Resolves to a server's address once it is ready. */
async function addressOf(server) {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += chunk;
    const ready = /^ready (\S+) .*\n/m.exec(printed);
    if (ready) return ready[1];
  }
  throw new Error('the server ended before it was ready');
}

/** The newest cycle, as soon as there is one. */
async function latestCycle(url, signal) {
  for (;;) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ latestCycle { ${CYCLE} } }` }),
      signal,
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(`over HTTP: ${JSON.stringify(errors)}`);
    if (data.latestCycle) return data.latestCycle;
    await delay(50, undefined, { signal });
  }
}

/** The cycle that a subscription brings after a turn. */
async function nextCycle(url, after) {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  });
  const query = `subscription ($after: Int) { cycleCompleted(after: $after) { ${CYCLE} } }`;
  for await (const { data, errors } of client.iterate({ query, variables: { after } })) {
    if (errors) throw new Error(`over WebSocket: ${JSON.stringify(errors)}`);
    await client.dispose();
    return data.cycleCompleted;
  }
  throw new Error('the subscription ended without a cycle');
}

/** Whether each cell is a price, and no row lacks one. */
function isWhole({ values }) {
  return (
    values.length > 1 &&
    values.every((row) => row.length === values.length && row.every((cell) => cell > 0))
  );
}

async function tryServer(server, signal) {
  const url = await addressOf(server);
  const first = await latestCycle(url, signal);
  const second = await nextCycle(url, first.turn);
  if (second.turn !== first.turn + 1) throw new Error(`turn ${second.turn} after ${first.turn}`);
  for (const { turn, matrix } of [first, second]) {
    if (!isWhole(matrix)) throw new Error(`turn ${turn}: ${JSON.stringify(matrix)}`);
  }
  server.kill('SIGTERM');
}

/** Packs the package, and unpacks it. */
function unpacked(into) {
  const packing = ['pack', '--silent', '--pack-destination', into];
  const printed = execFileSync('npm', packing, { cwd: ROOT, encoding: 'utf8' });
  const [file] = printed.trim().split('\n').slice(-1);
  execFileSync('tar', ['-xzf', file], { cwd: into });
  const root = path.join(into, 'package');
  const has = (name) => existsSync(path.join(root, name));
  const missing = PACKED.filter((name) => !has(name));
  const superfluous = NOT_PACKED.filter(has);
  if (missing.length > 0) throw new Error(`not packed: ${missing.join(', ')}`);
  if (superfluous.length > 0) throw new Error(`packed: ${superfluous.join(', ')}`);
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
  return root;
}

const isPacked = process.argv.includes('--packed');
const what = isPacked ? 'packed' : 'built';
const folder = mkdtempSync(path.join(tmpdir(), 'dynamics-smoke-'));
const signal = AbortSignal.timeout(DEADLINE_MS);
const program = path.join(isPacked ? unpacked(folder) : ROOT, ENTRY);
const server = spawn(process.execPath, [program, 'start'], {
  cwd: folder,
  env: { PATH: process.env.PATH, PORT: '0', CYCLE_INTERVAL_MS: '200', LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
signal.addEventListener('abort', () => server.kill('SIGKILL'));
try {
  const ended = once(server, 'exit');
  await tryServer(server, signal);
  const [code, by] = await ended;
  if (code !== 0) throw new Error(`it ended with ${code ?? by}`);
  console.log(`the ${what} server works on Node ${process.version}`);
} catch (error) {
  console.error(`the ${what} server does not work on Node ${process.version}: ${error.stack}`);
  process.exitCode = 1;
} finally {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
