// Rules of alerts that are changed while servers are struck, a client of their firings that always comes back,
// a receiver that is told them, and what the rules must have fired.
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { parseConfig } from '../../dist/config.js';
import { openDatabase } from '../../dist/open-database.js';
import { pino } from 'pino';
import { expectedFirings } from './expected-firings.mjs';
import { ask } from './instance.mjs';

const LONGEST_MS = 180_000;
/** A channel that has just failed waits for seconds, and longer each time. */
const LONGEST_TELLING_MS = 180_000;
const CREATE = `mutation ($input: AlertInput!) {
  createAlert(input: $input) { alert { id } userErrors { message } }
}`;
const UPDATE = `mutation ($id: ID!, $input: UpdateAlertInput!) {
  updateAlert(id: $id, input: $input) { alert { version } userErrors { message } }
}`;
const VALUES = `{ latestCycle {
  assets { symbol quant price }
  matrix(kind: ID_BENCHMARK) { bases values }
  consistency { medianBps }
} }`;
const FIRED = 'subscription ($after: ID) { alertFired(after: $after) { id turn version value } }';

export class AlertWatch {
  #campaign;
  #random;
  #receiver;
  #ids = [];
  /** What the client was sent, in order. */
  #seen = [];
  #changes = 0;

  /** @param receiver where each rule has a channel to */
  constructor(campaign, random, receiver) {
    this.#campaign = campaign;
    this.#random = random;
    this.#receiver = receiver;
  }

  /** Makes rules whose levels are near what their lines are. */
  async make(url, count) {
    const values = await this.#values(url);
    for (let made = 0; made < count; made++) {
      const [line, value] = values[Math.floor(this.#random() * values.length)];
      const cooldown = this.#random() < 0.3 ? '1s' : null;
      const name = `Rule ${made}`;
      const channels = [this.#receiver.channel(name)];
      const input = { name, line, condition: this.#condition(value), cooldown, channels };
      const { data, errors } = await ask(url, CREATE, { input });
      const id = data?.createAlert?.alert?.id;
      if (!id) throw new Error(`no rule: ${JSON.stringify(errors ?? data)}`);
      this.#ids.push([id, value]);
    }
  }

  async #values(url) {
    const deadline = performance.now() + LONGEST_MS;
    for (;;) {
      const { data } = await ask(url, VALUES);
      if (data?.latestCycle) return linesOf(data.latestCycle);
      if (performance.now() > deadline) throw new Error('there is no first cycle');
      await pause(50);
    }
  }

  #condition(value) {
    const level = value * (1 + (this.#random() - 0.5) * 1e-4);
    const kind = Math.floor(this.#random() * 4);
    if (kind === 3) return { movesPercent: 0.02 * this.#random() + 1e-4, within: '1s' };
    return { [['above', 'below', 'crosses'][kind]]: level };
  }

  /** Changes a rule, if anybody is there to do it. */
  async change(url) {
    const [id, value] = this.#ids[Math.floor(this.#random() * this.#ids.length)];
    const change = Math.floor(this.#random() * 4);
    const input = [
      { enabled: false },
      { enabled: true },
      { condition: this.#condition(value), enabled: true },
      { cooldown: this.#random() < 0.5 ? '2s' : null },
    ][change];
    const { data } = await ask(url, UPDATE, { id, input }).catch(() => ({}));
    if (data?.updateAlert?.alert) this.#changes++;
  }

  /** Follows the firings, of whichever server there is. @param urlOf where to connect the next time */
  listen(urlOf) {
    const socket = new WebSocket(
      `${urlOf().replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const { type, payload } = JSON.parse(data);
      if (type === 'connection_ack') {
        const variables = { after: this.#seen.at(-1)?.id ?? null };
        // Without a firing it begins with the next one.
        const operation = { query: FIRED, variables };
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: operation }));
      } else if (type === 'next' && payload.data?.alertFired)
        this.#seen.push(payload.data.alertFired);
      else if (type === 'error' || payload?.errors) socket.close();
    });
    socket.on('close', () => setTimeout(() => this.listen(urlOf), 100).unref());
  }

  /**
   * Switches all rules off, and holds what is stored, sent and told against what they must have fired.
   * @param url of a server that runs
   */
  async faults(url) {
    for (const [id] of this.#ids) await switchOff(url, id);
    const config = parseConfig(this.#campaign.settings);
    const open = await openDatabase(config.database, pino({ level: 'silent' }));
    try {
      const { versions } = await open.alerts.rules.from(1);
      const end = Math.max(...versions.map(({ afterTurn }) => afterTurn));
      await until(LONGEST_MS, async () => (await open.cycles.latest())?.turn >= end);
      const expected = await expectedFirings(open, versions);
      await until(LONGEST_TELLING_MS, async () => {
        const firings = await firingsOf(open);
        return firings.length >= expected.length && this.#receiver.hasAll(firings.map(idOf));
      });
      return this.#compare(expected, await firingsOf(open));
    } finally {
      await open.close();
    }
  }

  #compare(expected, firings) {
    const faults = [];
    const nameOf = ({ turn, rule, version, observedAt, value }) =>
      [turn, rule, version, observedAt, value].join(' ');
    const stored = new Set(firings.map(nameOf));
    const right = new Set(expected.map(nameOf));
    const lost = expected.filter((firing) => !stored.has(nameOf(firing)));
    const wrong = firings.filter((firing) => !right.has(nameOf(firing)));
    for (const firing of lost) faults.push(`a firing is lost: ${nameOf(firing)}`);
    for (const firing of wrong) faults.push(`a firing is none: ${nameOf(firing)}`);
    if (stored.size !== firings.length) faults.push('a firing is stored twice');
    const ids = firings.map(idOf);
    const first = ids.indexOf(this.#seen[0]?.id);
    const sent = this.#seen.map(({ id }) => id);
    const due = first < 0 ? [] : ids.slice(first, first + sent.length);
    if (sent.length === 0) faults.push('no firing was sent');
    if (sent.join() !== due.join()) {
      const at = sent.findIndex((id, place) => id !== due[place]);
      faults.push(`firings were sent otherwise than they are stored, from the ${at + 1}th on`);
    }
    faults.push(...this.#receiver.faultsOf(ids));
    this.summary =
      `${this.#ids.length} rules, changed ${this.#changes} times; ` +
      `${firings.length} firings stored, ${expected.length} due, ${sent.length} sent; ` +
      `${lost.length} lost, ${wrong.length} that are none\n` +
      `deliveries: ${this.#receiver.summaryOf(ids)}`;
    return faults;
  }
}

/** Lines, and what they are now. */
function linesOf({ assets, matrix, consistency }) {
  const lines = [];
  matrix.bases.forEach((base, row) =>
    matrix.bases.forEach((quote, column) => {
      const value = matrix.values[row][column];
      if (base !== quote && value) lines.push([{ kind: 'CELL', base, quote }, value]);
    }),
  );
  for (const { symbol, price, quant } of assets) {
    if (price) lines.push([{ kind: 'ASSET', figure: 'PRICE', asset: symbol }, price]);
    if (quant) lines.push([{ kind: 'ASSET', figure: 'QUANT', asset: symbol }, quant]);
  }
  lines.push([{ kind: 'CONSISTENCY', consistency: 'MEDIAN_BPS' }, consistency.medianBps]);
  return lines;
}

/** As the API has it. */
function idOf({ rule, version, turn }) {
  return Buffer.from(`AlertFiring:${rule}/${version}/${turn}`).toString('base64url');
}

function firingsOf({ alerts }) {
  return alerts.firings.range({ order: 'OLDEST_FIRST', limit: 1e6 });
}

/** A rule that is off fires no more. */
async function switchOff(url, id) {
  const isOff = async () => {
    const { data } = await ask(url, UPDATE, { id, input: { enabled: false } }).catch(() => ({}));
    return !!data?.updateAlert?.alert;
  };
  if (!(await until(LONGEST_MS, isOff))) throw new Error(`the rule ${id} cannot be switched off`);
}

/** @returns whether it came to be so in time */
async function until(longestMs, isSo) {
  for (const deadline = performance.now() + longestMs; performance.now() < deadline;) {
    if (await isSo()) return true;
    await pause(200);
  }
  return false;
}
