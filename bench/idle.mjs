// What a server costs that nobody uses, its engine included; and how soon a second instance on the
// same data pushes what the first has stored.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import WebSocket from 'ws';
import { openEmbeddedEngine } from '../dist/embedded-mongo/engine.js';
import { median } from './measure.mjs';

const SERVER = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
/** By then what a start does is over, milliseconds. */
const SETTLE_MS = 10_000;
/** Linux counts what a process took of the processor in hundredths of a second. */
const TICK_MS = 10;
const MARKS = { percent: 2, pushMs: 50 };

/** @param {{ quick: boolean }} options */
export async function benchIdle({ quick }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'dynamics-bench-'));
  try {
    return [
      await idle(path.join(folder, 'idle'), quick ? 16_000 : 40_000),
      await second(path.join(folder, 'two'), quick ? 15 : 100),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function idle(dataDir, ms) {
  const alone = await engineAlone(path.join(dataDir, 'engine'), ms);
  const server = await startServer(path.join(dataDir, 'server'));
  const engine = await hostOf(server.pid);
  await pause(SETTLE_MS);
  const [ofServer, ofEngine] = await shares([server.pid, engine], ms);
  await server.stop();
  const sum = ofServer + ofEngine;
  return {
    title: 'idle: of one core, at the default settings, nobody connected',
    rows: [
      {
        's measured': ms / 1e3,
        'engine alone %': alone,
        'server %': ofServer,
        'engine %': ofEngine,
        'sum %': sum,
        'mark %': MARKS.percent,
        '': sum <= MARKS.percent ? 'ok' : 'MISSED',
      },
    ],
  };
}

/** What the engine takes while nobody has asked it anything. */
async function engineAlone(dataDir, ms) {
  let pid = 0;
  const log = pino({}, { write: (line) => (pid = JSON.parse(line).pid ?? pid) });
  const engine = await openEmbeddedEngine({ dataDir, log });
  await pause(SETTLE_MS / 5);
  const [share] = await shares([pid], ms / 2);
  await engine.stop();
  return share;
}

async function second(dataDir, turns) {
  const settings = { CYCLE_INTERVAL_MS: '500' };
  const servers = [await startServer(dataDir, settings), await startServer(dataDir, settings)];
  const [first, other] = await Promise.all(servers.map(({ url }) => arrivals(url, turns)));
  for (const server of servers.reverse()) await server.stop();
  const common = [...first].filter(([turn]) => other.has(turn));
  const lags = common.map(([turn, at]) => other.get(turn) - at).sort((a, b) => a - b);
  const p99 = lags[Math.ceil(lags.length * 0.99) - 1];
  return {
    title: 'idle: how much later a second instance pushes than the one that stores, ms',
    rows: [
      {
        turns: lags.length,
        median: median(lags),
        p99,
        most: lags.at(-1),
        mark: MARKS.pushMs,
        '': p99 <= MARKS.pushMs ? 'ok' : 'MISSED',
      },
    ],
  };
}

/** When each turn is pushed to a subscriber: milliseconds of this process's clock. */
function arrivals(url, turns) {
  const seen = new Map();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const query = 'subscription { cycleCompleted { turn } }';
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const at = performance.now();
      const { type, payload } = JSON.parse(data.toString());
      if (type === 'connection_ack') {
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
      }
      if (type !== 'next') return;
      seen.set(payload.data.cycleCompleted.turn, at);
      if (seen.size < turns + 2) return;
      socket.terminate();
      resolve(seen);
    });
  });
}

/** `npm start`, with nothing of this process's settings. */
async function startServer(dataDir, settings = {}) {
  const child = spawn(process.execPath, [SERVER, 'start'], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATA_DIR: dataDir,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const url = await new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      const found = /https?:\/\/[^\s/]+/.exec((printed += chunk));
      if (found) resolve(found[0]);
    });
    void closed.then(() => reject(new Error('the server ended')));
  });
  return {
    pid: child.pid,
    url,
    async stop() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** The process that has the engine: the server's only child. */
async function hostOf(pid) {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}

/** What processes take of one core in so long, percent. */
async function shares(pids, ms) {
  const [before, begun] = [await Promise.all(pids.map(cpuMs)), performance.now()];
  await pause(ms);
  const [after, ended] = [await Promise.all(pids.map(cpuMs)), performance.now()];
  return pids.map((_, at) => ((after[at] - before[at]) * 100) / (ended - begun));
}

async function cpuMs(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold anything: fields 14 and 15 are user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
