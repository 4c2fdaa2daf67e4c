// Kills and pauses servers and their database at random moments, and looks whether anything was lost.
// npm run chaos -- [--seed N] [--strikes N] [--instances N] [--logs FOLDER]
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { randomFrom } from './random.mjs';

const ENTRY = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const INTERVAL_MS = 100;
const LONGEST_MS = 60_000;
const QUERY = 'subscription ($after: Int) { cycleCompleted(after: $after) { turn observedAt } }';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    strikes: { type: 'string', default: '200' },
    instances: { type: 'string', default: '1' },
    /** Where the servers' logs are kept, one file for each process. */
    logs: { type: 'string' },
  },
});
const [seed, strikes, count] = [values.seed, values.strikes, values.instances].map(Number);
if (![seed, strikes, count].every((value) => Number.isSafeInteger(value) && value >= 0)) {
  console.error('--seed, --strikes and --instances take whole numbers');
  process.exit(2);
}

const random = randomFrom(seed);

if (values.logs) await mkdir(values.logs, { recursive: true });
async function ask(url, query, variables = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(20_000),
  });
  return (await response.json()).data;
}

const folder = await mkdtemp(path.join(tmpdir(), 'dynamics-chaos-'));
/** What any client ever saw, by turn. */
const seen = new Map();
const faults = [];

/** An instance that is started again whenever it has ended, and a client that always comes back. */
class Instance {
  last = null;
  engine = null;
  /** Called at once when its client has got a cycle. */
  onTurn = null;
  #child = null;
  #socket = null;

  async start() {
    const env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      DATA_DIR: path.join(folder, 'data'),
      CYCLE_INTERVAL_MS: String(INTERVAL_MS),
    };
    const child = spawn(process.execPath, [ENTRY, 'start'], {
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    if (values.logs)
      child.stderr.pipe(createWriteStream(path.join(values.logs, `${child.pid}.log`)));
    child.stderr.on('data', (chunk) => {
      const found = /"role":"host","pid":(\d+)/.exec(chunk.toString());
      if (found) this.engine = Number(found[1]);
    });
    const url = await new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        const found = /ready (http:\S+)/.exec(chunk.toString());
        if (found) resolve(found[1]);
      });
      child.once('close', (code) => reject(new Error(`a server ended with ${code}`)));
    });
    this.url = url;
    this.#listen();
  }

  #listen() {
    const socket = new WebSocket(
      `${this.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    this.#socket = socket;
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'connection_ack') {
        const variables = { after: this.last ?? 0 };
        socket.send(
          JSON.stringify({ type: 'subscribe', id: '1', payload: { query: QUERY, variables } }),
        );
      } else if (type === 'next' && payload.data) this.#take(payload.data.cycleCompleted);
      // Between two databases it may not be possible to tell where to begin.
      else if (payload?.errors?.[0]?.extensions?.code === 'DATABASE_UNAVAILABLE') socket.close();
      else if (type === 'next') faults.push(`refused: ${JSON.stringify(payload)}`);
      else if (type === 'error') faults.push(`refused: ${JSON.stringify(payload)}`);
    });
    socket.on('close', () => {
      if (this.#socket === socket && this.#child?.exitCode === null)
        setTimeout(() => this.#listen(), 100);
    });
  }

  #take({ turn, observedAt }) {
    if (turn !== (this.last ?? 0) + 1) faults.push(`turn ${turn} came after ${this.last}`);
    this.last = turn;
    this.onTurn?.();
    const known = seen.get(turn);
    if (known !== undefined && known !== observedAt)
      faults.push(`turn ${turn} was seen twice, and differs`);
    seen.set(turn, observedAt);
  }

  /** What it says of itself, to tell turns that stand still from a client that is not served. */
  async describe() {
    const query =
      '{ status { latestTurn lastFailure { at code message } database { reachable } } }';
    const answer = await ask(this.url, query).then(JSON.stringify, String);
    return `pid ${this.#child.pid}, its client has ${this.last}: ${answer}`;
  }

  /** Ends it, with the database if it hosts that, at once. */
  async kill() {
    const child = this.#child;
    const closed = new Promise((resolve) => child.once('close', resolve));
    this.#socket = null;
    process.kill(-child.pid, 'SIGKILL');
    await closed;
    this.engine = null;
  }

  killEngine() {
    try {
      if (this.engine !== null) process.kill(this.engine, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }

  /** Calls back at the very moment that its client has got the next cycle. */
  atNextTurn(strike) {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, 5_000);
      this.onTurn = () => {
        this.onTurn = null;
        clearTimeout(late);
        resolve(strike());
      };
    });
  }

  async freeze(ms) {
    process.kill(this.#child.pid, 'SIGSTOP');
    await pause(ms);
    process.kill(this.#child.pid, 'SIGCONT');
  }
}

const instances = Array.from({ length: Math.max(1, count) }, () => new Instance());
for (const instance of instances) await instance.start();
const counts = { server: 0, engine: 0, pause: 0 };

/** Waits until every client has got further. */
async function everyoneGoesOn() {
  const target = Math.max(0, ...seen.keys()) + 2;
  const deadline = performance.now() + LONGEST_MS;
  while (instances.some(({ last }) => (last ?? 0) < target)) {
    if (performance.now() > deadline) {
      faults.push(`no cycle beyond ${target - 1} for ${LONGEST_MS / 1000} s`);
      for (const instance of instances) faults.push(await instance.describe());
      return;
    }
    await pause(20);
  }
}

for (let strike = 0; strike < strikes && faults.length === 0; strike++) {
  await everyoneGoesOn();
  const instance = instances[Math.floor(random() * instances.length)];
  const kind = random();
  // At any moment, or just when somebody has seen a cycle: what is seen must be on disk.
  const isAtTurn = random() < 0.5;
  await pause(random() * 3 * INTERVAL_MS);
  const strikeNow = (strike) => (isAtTurn ? instance.atNextTurn(strike) : strike());
  if (kind < 0.45) {
    counts.server++;
    await strikeNow(() => instance.kill());
    await instance.start();
  } else if (kind < 0.8) {
    counts.engine++;
    await strikeNow(() => instances.forEach((each) => each.killEngine()));
  } else {
    counts.pause++;
    await instance.freeze(random() * 5_000);
  }
}
await everyoneGoesOn();

/** Everything that is stored, in order. */
async function stored() {
  const cycles = [];
  for (let after = null, more = true; more;) {
    const data = await ask(
      instances[0].url,
      'query ($after: String) { cycles(first: 100, after: $after) { nodes { turn observedAt } pageInfo { endCursor hasNextPage } } }',
      { after },
    );
    cycles.push(...data.cycles.nodes);
    after = data.cycles.pageInfo.endCursor;
    more = data.cycles.pageInfo.hasNextPage;
  }
  return cycles.reverse();
}

const cycles = await stored();
cycles.forEach(({ turn }, at) => {
  if (turn !== at + 1) faults.push(`stored turn ${turn} stands in place ${at + 1}`);
});
const byTurn = new Map(cycles.map(({ turn, observedAt }) => [turn, observedAt]));
const lost = [...seen].filter(([turn, at]) => turn <= cycles.length && byTurn.get(turn) !== at);
for (const [turn] of lost) faults.push(`turn ${turn} was seen and is not stored so`);
for (const instance of instances) await instance.kill();
await rm(folder, { recursive: true, force: true });
console.log(
  `seed ${seed}, ${instances.length} instance(s): ${counts.server} servers and ${counts.engine} databases killed, ` +
    `${counts.pause} servers paused; ${cycles.length} cycles stored, ${seen.size} seen; ${faults.length} faults`,
);
for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
