// Puts a bad network between a server and its database, and between it and the exchange, and looks
// whether anything is lost, hangs, or grows.
// npm run chaos:network -- [--rounds N] [--seconds N] [--only database|exchange] [--modes cut,hang,…] [--seed N]
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import WebSocket from 'ws';
import { SimulatedMarket, simulatedFeed } from '../../dist/exchange/simulated/market.js';
import { startExchangeServer } from '../../dist/exchange/served/exchange-server.js';
import { openEmbeddedEngine } from '../../dist/embedded-mongo/engine.js';
import { startProxy } from './proxy.mjs';
import { randomFrom } from './random.mjs';

const ENTRY = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const QUERY = 'subscription ($after: Int) { cycleCompleted(after: $after) { turn observedAt } }';
const INTERVAL_MS = 200;
/** How long turns may stand still: a call of the exchange 10 s, then pauses of up to 30 s. */
const LONGEST_STILL_MS = { database: 6_000, exchange: 42_000 };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string' },
    modes: { type: 'string', default: 'cut,hang,delay,trickle' },
    seed: { type: 'string', default: '1' },
  },
});
const modes = values.modes.split(',');
const random = randomFrom(Number(values.seed));
const faults = [];

const folder = await mkdtemp(path.join(tmpdir(), 'dynamics-network-'));
const engine = await openEmbeddedEngine({
  dataDir: path.join(folder, 'engine'),
  log: pino({ level: 'silent' }),
});
const exchange = await startExchangeServer({
  feed: simulatedFeed(new SimulatedMarket(7), () => Date.now()),
});
const proxies = {
  database: await startProxy({ path: decodeURIComponent(new URL(engine.uri).host) }),
  exchange: await startProxy({ host: '127.0.0.1', port: Number(new URL(exchange.url).port) }),
};
const dataDir = path.join(folder, 'data');
const server = spawn(process.execPath, [ENTRY, 'start'], {
  cwd: folder,
  env: {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: '0',
    DATA_DIR: dataDir,
    CYCLE_INTERVAL_MS: String(INTERVAL_MS),
    MONGO_URI: `mongodb://127.0.0.1:${proxies.database.port}/?directConnection=true`,
    EXCHANGE: 'binance',
    BINANCE_HTTP_BASE: `http://127.0.0.1:${proxies.exchange.port}`,
  },
  stdio: ['ignore', 'pipe', 'pipe'],
});
server.stderr.on('data', (chunk) => {
  for (const line of chunk.toString().split('\n')) {
    if (/nobody listened|not foreseen|"level":60/.test(line)) faults.push(line.slice(0, 400));
  }
});
const url = await new Promise((resolve, reject) => {
  server.stdout.on('data', (chunk) => {
    const found = /ready (http:\S+)/.exec(chunk.toString());
    if (found) resolve(found[1]);
  });
  server.once('close', (code) => reject(new Error(`the server ended with ${code}`)));
});

const seen = [];
let lastAt = performance.now();
/** The longest time without a cycle in this round. */
let still = 0;
const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
socket.on('open', () => socket.send('{"type":"connection_init"}'));
socket.on('close', (code) => faults.push(`the subscriber was closed with ${code}`));
socket.on('message', (data) => {
  const { type, payload } = JSON.parse(data);
  if (type === 'connection_ack') {
    const subscription = { query: QUERY, variables: { after: 0 } };
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: subscription }));
  } else if (type === 'next') {
    const cycle = payload.data.cycleCompleted;
    if (cycle.turn !== seen.length + 1) faults.push(`turn ${cycle.turn} after ${seen.length}`);
    seen.push(cycle);
    still = Math.max(still, performance.now() - lastAt);
    lastAt = performance.now();
  }
});

async function figures() {
  const text = await (await fetch(`${url}/metrics`)).text();
  const metric = (name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  return {
    mb: metric('process_resident_memory_bytes') / 2 ** 20,
    files: (await readdir(`/proc/${server.pid}/fd`)).length,
    spooled: metric('dynamics_spooled_cycles'),
  };
}

/** Waits until turns come again and nothing is kept aside. */
async function well() {
  const deadline = performance.now() + 60_000;
  for (const count = seen.length + 3; ; await pause(50)) {
    if (seen.length >= count && (await figures()).spooled === 0) return;
    if (performance.now() > deadline) return faults.push('not well 60 s after the network was');
  }
}

// Alone on the database for long enough to know it.
await pause(6_000);
await well();
const first = await figures();
for (let round = 1; round <= Number(values.rounds) && faults.length === 0; round++) {
  const name = values.only ?? (random() < 0.5 ? 'database' : 'exchange');
  const mode = modes[Math.floor(random() * modes.length)];
  // At any moment of a turn.
  await pause(random() * 2 * INTERVAL_MS);
  still = 0;
  const [turns, at] = [seen.length, performance.now()];
  proxies[name].set(mode);
  await pause(Number(values.seconds) * 1_000);
  const spooled = (await figures()).spooled;
  proxies[name].set('pass');
  await well();
  const back = ((performance.now() - at) / 1_000 - Number(values.seconds)).toFixed(1);
  console.log(
    `round ${round}: ${name} ${mode}, ${seen.length - turns} turns, longest pause ${(still / 1000).toFixed(1)} s, ${spooled} kept aside, well after ${back} s`,
  );
  if (still > LONGEST_STILL_MS[name]) faults.push(`turns stood still for ${still.toFixed(0)} ms`);
}
const last = await figures();

const stored = [];
for (let before = null, more = true; more;) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query:
        'query ($before: String) { cycles(last: 100, before: $before) { nodes { turn observedAt } pageInfo { startCursor hasPreviousPage } } }',
      variables: { before },
    }),
  });
  const { cycles } = (await response.json()).data;
  stored.push(...cycles.nodes.reverse());
  before = cycles.pageInfo.startCursor;
  more = cycles.pageInfo.hasPreviousPage;
}
const lost = seen.filter(({ observedAt }, at) => stored[at]?.observedAt !== observedAt);
if (lost.length > 0) faults.push(`${lost.length} seen cycles are not stored so`);
console.log(
  `${stored.length} cycles stored, ${seen.length} seen, ${faults.length} faults; ` +
    `${first.mb.toFixed(0)} MB and ${first.files} files before, ${last.mb.toFixed(0)} MB and ${last.files} after`,
);
for (const fault of faults.slice(0, 10)) console.log(`  ${fault}`);
socket.removeAllListeners('close');
server.kill('SIGTERM');
await new Promise((resolve) => server.once('close', resolve));
for (const proxy of Object.values(proxies)) await proxy.stop();
await exchange.stop();
await engine.stop();
await rm(folder, { recursive: true, force: true });
process.exit(faults.length === 0 ? 0 : 1);
