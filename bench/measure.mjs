// Tools of the benchmarks: servers in processes of their own, and medians of rounds taken in turns.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SERVERS = fileURLToPath(new URL('servers.mjs', import.meta.url));
const LISTENERS = fileURLToPath(new URL('listeners.mjs', import.meta.url));
const GREEDY = fileURLToPath(new URL('greedy.mjs', import.meta.url));
const WATCHER = fileURLToPath(new URL('watcher.mjs', import.meta.url));
const READERS = fileURLToPath(new URL('readers.mjs', import.meta.url));
const CLIENTS = fileURLToPath(new URL('clients.mjs', import.meta.url));

/** Starts a server of bench/servers.mjs. */
export async function startServer(kind, size, ...rest) {
  const texts = rest.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const child = fork(SERVERS, [kind, String(size), ...texts], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const waiting = new Map();
  child.on('message', ({ id, result }) => waiting.get(id)?.(result));
  const answer = (id) => new Promise((resolve) => waiting.set(id, resolve));
  const { port } = await answer('ready');
  let last = 0;
  return {
    kind,
    pid: child.pid,
    port,
    ask(type, more) {
      const id = ++last;
      const result = answer(id);
      child.send({ id, type, ...more });
      return result;
    },
    async stop() {
      child.send({ id: ++last, type: 'stop' });
      await Promise.race([answer(last), new Promise((resolve) => setTimeout(resolve, 2_000))]);
      await endOf(child);
    },
  };
}

/** Opens sockets to a server, in a process of their own. */
export async function startClients(port, count, query, stalled = 0) {
  const child = fork(CLIENTS, [String(port), String(count), query, String(stalled)]);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('close', () => reject(new Error('the clients ended')));
  });
  // The last subscriptions are on their way.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { arrivals: () => question(child, 'arrivals'), stop: () => endOf(child) };
}

/** Opens sockets that subscribe and count what they read, in a process of their own (see readers.mjs). */
export async function startReaders(port, count, payload, extensions = '') {
  const child = fork(READERS, [String(port), String(count), JSON.stringify(payload), extensions]);
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('close', () => reject(new Error('the readers ended')));
  });
  // The last subscriptions are on their way.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { read: () => question(child, 'read'), stop: () => endOf(child) };
}

/** Opens WebSockets that look at what they get, in a process of their own (see listeners.mjs). */
export async function startListeners(port, count, query, after = null) {
  const child = fork(LISTENERS, [String(port), String(count), query, JSON.stringify(after)]);
  await new Promise((resolve) => child.once('message', resolve));
  return { progress: () => question(child, 'progress'), stop: () => endOf(child) };
}

/** Starts clients that ask for the same again and again, in a process of their own (see greedy.mjs). */
export async function startGreedy(port, atOnce, query, tokens) {
  const child = fork(GREEDY, [String(port), String(atOnce), query, JSON.stringify(tokens)]);
  await new Promise((resolve) => child.once('message', resolve));
  return { seen: () => question(child, 'seen'), stop: () => endOf(child) };
}

/** Starts one subscriber that notes when things come, in a process of its own (see watcher.mjs). */
export async function startWatcher(port, token) {
  const child = fork(WATCHER, [String(port), token]);
  await new Promise((resolve) => child.once('message', resolve));
  return { seen: () => question(child, 'seen'), stop: () => endOf(child) };
}

function question(child, text) {
  const answer = new Promise((resolve) => child.once('message', resolve));
  child.send(text);
  return answer;
}

async function endOf(child) {
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

/** The time and the processor's time that something takes, milliseconds. */
export async function timed(run) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  const result = await run();
  const { user, system } = process.cpuUsage(cpu);
  return { result, wall: performance.now() - wall, cpu: (user + system) / 1e3 };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Prints rows as columns. */
export function printTable(title, rows) {
  console.log(`\n${title}`);
  const columns = Object.keys(rows[0]);
  const texts = [columns, ...rows.map((row) => columns.map((name) => format(row[name])))];
  const widths = columns.map((_, at) => Math.max(...texts.map((row) => row[at].length)));
  for (const row of texts)
    console.log('  ' + row.map((text, at) => text.padStart(widths[at])).join('  '));
}

function format(value) {
  return typeof value === 'number' && !Number.isInteger(value)
    ? value.toPrecision(3)
    : String(value);
}
