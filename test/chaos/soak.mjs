// Runs a server for long with subscribers that come and go, and looks whether it grows, takes more of
// the processor, or runs a turn late.
// npm run soak -- [--minutes N] [--interval MS] [--subscribers N] [--seed N]
import { spawn } from 'node:child_process';
import { readdir, readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { randomFrom } from './random.mjs';

const ENTRY = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const QUERIES = [
  'subscription ($after: Int) { cycleCompleted(after: $after) { turn observedAt } }',
  'subscription ($after: Int) { cycleCompleted(after: $after) { turn aux { leadQuant quant grt } } }',
  'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrix(kind: ID_PCT) { values } } }',
  'subscription ($after: Int) { cycleCompleted(after: $after) { turn matrices { kind scale values } wallet { value } } }',
];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    interval: { type: 'string', default: '50' },
    subscribers: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const minutes = Number(values.minutes);
const random = randomFrom(Number(values.seed));
const folder = await mkdtemp(path.join(tmpdir(), 'dynamics-soak-'));
const server = spawn(process.execPath, [ENTRY, 'start'], {
  cwd: folder,
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: '0',
    DATA_DIR: path.join(folder, 'data'),
    CYCLE_INTERVAL_MS: values.interval,
    LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
const url = await new Promise((resolve, reject) => {
  server.stdout.on('data', (chunk) => {
    const found = /ready (http:\S+)/.exec(chunk.toString());
    if (found) resolve(found[1]);
  });
  server.once('close', (code) => reject(new Error(`the server ended with ${code}`)));
});

const counts = { received: 0, comings: 0, faults: 0 };
/** By what a turn began later than an interval after the one before, as parts of the interval. */
const lateness = [];
/** A turn is late by more than this part of the interval. */
const TOLERANCE = 0.1;
const until = performance.now() + minutes * 60_000;

/** A client that stays for up to a minute, is away for up to ten seconds, and goes on where it was. */
async function visit() {
  let last = null;
  const query = QUERIES[Math.floor(random() * QUERIES.length)];
  while (performance.now() < until) {
    counts.comings++;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const text = data.toString();
      if (text.startsWith('{"type":"connection_ack"')) {
        const payload = { query, variables: last === null ? {} : { after: last } };
        return socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }));
      }
      const turn = Number(/"turn":(\d+)/.exec(text)?.[1]);
      if (!turn || (last !== null && turn !== last + 1)) {
        counts.faults++;
        console.log(`after ${last}: ${text.slice(0, 200)}`);
      }
      if (turn) last = turn;
      counts.received++;
    });
    await pause(Math.min(random() * 60_000, Math.max(0, until - performance.now())));
    // Some say goodbye, some just go.
    if (random() < 0.5) socket.close();
    else socket.terminate();
    await pause(random() * 10_000);
  }
}

/** Looks at when each turn began, over a socket that stays. */
function watchTurns() {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const query = 'subscription { cycleCompleted { turn startedAt } }';
  let before = null;
  socket.on('open', () => socket.send('{"type":"connection_init"}'));
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'connection_ack') {
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    }
    const cycle = message.payload?.data?.cycleCompleted;
    if (!cycle) return;
    const startedAt = Date.parse(cycle.startedAt);
    if (before !== null) {
      const late = (startedAt - before) / Number(values.interval) - 1;
      lateness.push(late);
      if (late > TOLERANCE)
        console.log(`turn ${cycle.turn} was late by ${late.toFixed(2)} intervals`);
    }
    before = startedAt;
  });
  socket.on('close', () => performance.now() < until && counts.faults++);
  return socket;
}

let usedBefore = { at: performance.now(), server: 0, engine: 0 };
/** Processor time since the last look, as a part of one core. */
async function processorUse() {
  const used = { at: performance.now(), server: 0, engine: 0 };
  used.server = await processorSeconds(server.pid);
  for (const pid of await startedBy(server.pid)) used.engine += await processorSeconds(pid);
  const seconds = (used.at - usedBefore.at) / 1000;
  const parts = {
    'server % of a core': (100 * (used.server - usedBefore.server)) / seconds,
    'engine % of a core': (100 * (used.engine - usedBefore.engine)) / seconds,
  };
  usedBefore = used;
  return parts;
}

/** What a process has used so far; the kernel counts in hundredths of a second. */
async function processorSeconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

async function startedBy(pid) {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean);
}

async function sample() {
  const text = await (await fetch(`${url}/metrics`)).text();
  const metric = (name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  const engine = await engineMemory();
  return {
    turn: metric('dynamics_latest_turn'),
    'server MB': metric('process_resident_memory_bytes') / 2 ** 20,
    'heap MB': metric('nodejs_heap_size_used_bytes') / 2 ** 20,
    'engine MB': engine / 2 ** 20,
    'open files': (await readdir(`/proc/${server.pid}/fd`)).length,
    handles: metric('nodejs_active_handles_total'),
    'loop p99 ms': metric('nodejs_eventloop_lag_p99_seconds') * 1000,
    subscribers: metric('dynamics_subscribers'),
    groups: metric('dynamics_subscription_groups'),
    ...(await processorUse()),
  };
}

/** Resident memory of what the server has started: the embedded engine. */
async function engineMemory() {
  let bytes = 0;
  for (const pid of await startedBy(server.pid)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    bytes += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  }
  return bytes;
}

const show = (row) =>
  Object.entries(row)
    .map(([name, value]) => `${name} ${Number(value.toFixed(1))}`)
    .join(', ');

await processorUse();
const watcher = watchTurns();
const visits = Array.from({ length: Number(values.subscribers) }, () => visit());
const rows = [];
for (let minute = 1; performance.now() < until; minute++) {
  await pause(Math.min(60_000, Math.max(0, until - performance.now())));
  const row = await sample();
  rows.push(row);
  console.log(`minute ${minute}: ${show(row)}`);
}
await Promise.all(visits);
watcher.close();
await pause(1_000);
console.log(`at the end, nobody there: ${show(await sample())}`);
const mean = (part, name) => part.reduce((sum, row) => sum + row[name], 0) / part.length;
const third = Math.max(1, Math.floor(rows.length / 3));
const LOOKED_AT = [
  'server MB',
  'heap MB',
  'engine MB',
  'open files',
  'handles',
  'loop p99 ms',
  'server % of a core',
  'engine % of a core',
];
for (const name of LOOKED_AT) {
  const [second, last] = [rows.slice(third, 2 * third), rows.slice(-third)];
  console.log(
    `${name}: ${mean(second, name).toFixed(1)} in the second third, ${mean(last, name).toFixed(1)} in the last`,
  );
}
console.log(
  `${counts.received} cycles received in ${counts.comings} visits, ${counts.faults} faults`,
);
lateness.sort((a, b) => a - b);
const at = (part) => lateness[Math.floor(part * (lateness.length - 1))]?.toFixed(3);
console.log(
  `${lateness.length} turns; later than the interval by ${at(0.5)} of it in the median, ${at(0.99)} in the worst hundredth, ${at(1)} at most; ${lateness.filter((late) => late > TOLERANCE).length} by more than ${TOLERANCE}`,
);
process.kill(-server.pid, 'SIGTERM');
await new Promise((resolve) => server.once('close', resolve));
await rm(folder, { recursive: true, force: true });
process.exit(counts.faults === 0 ? 0 : 1);
