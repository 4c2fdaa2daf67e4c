// A server that is started again whenever it has ended, and a client that always comes back.
import { spawn } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { CONTENT } from './contents.mjs';
import { endsWithUs, killGroup } from './processes.mjs';

const ENTRY = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SETTABLE_CLOCK = new URL('../support/settable-clock.mjs', import.meta.url).href;
const SUBSCRIPTION = `subscription ($after: Int) { cycleCompleted(after: $after) { ${CONTENT} } }`;

/** Asks a server something. */
export async function ask(url, query, variables = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(120_000),
  });
  return response.json();
}

export class Instance {
  /** The last turn that its client has got. */
  last = null;
  /** The process of the embedded engine, where this instance hosts it. */
  engine = null;
  /** Called at once when its client has got a cycle. */
  onTurn = null;
  #campaign;
  #clockFile;
  #child = null;
  #socket = null;

  constructor(campaign, name) {
    this.#campaign = campaign;
    this.#clockFile = path.join(campaign.folder, `clock-${name}`);
  }

  /** @param hasClient whether a client is to listen from now on */
  async start({ hasClient = true } = {}) {
    const { folder, settings, logs } = this.#campaign;
    const child = spawn(process.execPath, [ENTRY, 'start'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: '0',
        NODE_OPTIONS: `--trace-warnings --import=${SETTABLE_CLOCK}`,
        CLOCK_FILE: this.#clockFile,
        ...settings,
      },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = endsWithUs(child);
    if (logs) child.stderr.pipe(createWriteStream(path.join(logs, `${child.pid}.log`)));
    child.stderr.on('data', (chunk) => {
      const found = /"role":"host","pid":(\d+)/.exec(chunk.toString());
      if (found) this.engine = Number(found[1]);
    });
    this.url = await new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        const found = /ready (http:\S+)/.exec(chunk.toString());
        if (found) resolve(found[1]);
      });
      child.once('close', (code, signal) =>
        reject(new Error(`a server ended with ${code ?? signal}`)),
      );
    });
    if (hasClient) this.#listen();
  }

  #listen() {
    const address = `${this.url.replace('http', 'ws')}/graphql`;
    const socket = new WebSocket(address, 'graphql-transport-ws');
    this.#socket = socket;
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'connection_ack') {
        const variables = { after: this.last ?? 0 };
        const operation = { query: SUBSCRIPTION, variables };
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: operation }));
      } else if (type === 'next') this.#take(payload);
      // Between two databases it may not be possible to tell where to begin.
      else if (codeOf(payload?.[0]) === 'DATABASE_UNAVAILABLE') socket.close();
      else if (type === 'error') this.#campaign.fault(`refused: ${JSON.stringify(payload)}`);
    });
    socket.on('close', (code, reason) => {
      if (code >= 4000 && this.#socket === socket)
        this.#campaign.fault(`a client was closed with ${code} ${reason}`);
      if (this.#socket === socket && this.#child?.exitCode === null)
        setTimeout(() => this.#listen(), 100);
    });
  }

  #take({ data, errors = [] }) {
    const { contents } = this.#campaign;
    const cycle = data?.cycleCompleted;
    const unreadable = errors.find((error) => codeOf(error) === 'CYCLE_UNREADABLE');
    const turn = cycle?.turn ?? unreadable?.extensions.turn;
    if (turn === undefined) return this.#campaign.fault(`refused: ${JSON.stringify(errors)}`);
    if (turn !== (this.last ?? 0) + 1) this.#campaign.fault(`turn ${turn} came after ${this.last}`);
    this.last = turn;
    if (!cycle && !contents.damaged.has(turn))
      this.#campaign.fault(`turn ${turn} cannot be read, and nobody damaged it`);
    const fault = cycle ? contents.see(cycle) : null;
    if (fault) this.#campaign.fault(fault);
    this.onTurn?.();
  }

  /** What it says of itself, to tell turns that stand still from a client that is not served. */
  async describe() {
    const query =
      '{ status { latestTurn warnings lastFailure { at code message } lastSkipped { at code message } database { reachable } } }';
    const answer = await ask(this.url, query).then(JSON.stringify, String);
    return `pid ${this.#child.pid}, its client has ${this.last}: ${answer}`;
  }

  /** Ends it, with the database if it hosts that, at once. */
  async kill() {
    this.#socket = null;
    await killGroup(this.#child);
    this.engine = null;
  }

  killEngine() {
    try {
      if (this.engine !== null) process.kill(this.engine, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }

  /** Calls back, once, at the very moment that its client has got the next cycle; without one, after a while. */
  atNextTurn(strike) {
    return new Promise((resolve) => {
      const go = () => {
        this.onTurn = null;
        clearTimeout(late);
        resolve(strike());
      };
      const late = setTimeout(go, 5_000);
      this.onTurn = go;
    });
  }

  async freeze(ms) {
    process.kill(this.#child.pid, 'SIGSTOP');
    await pause(ms);
    process.kill(this.#child.pid, 'SIGCONT');
  }

  /** Sets its wall clock so far ahead of ours, also for those after it. */
  setClock(aheadMs) {
    writeFileSync(this.#clockFile, String(aheadMs));
    process.kill(this.#child.pid, 'SIGUSR2');
  }
}

function codeOf(error) {
  return error?.extensions?.code;
}
