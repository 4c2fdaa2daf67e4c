// Where rules tell that they have fired: a server that no strike hits, and that checks signatures by a library of
// another hand than the one they are made with.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { validateWebhook } from 'replicate';

/** So often it takes a message, and breaks off without an answer. */
const BROKEN_OFF = 0.01;
/** Receivers take what was signed so long ago at most, seconds. */
const TOLERANCE_S = 300;

export class Receiver {
  #random;
  #knowsTheTime;
  #server = createServer((request, response) => {
    this.#take(request, response).catch((error) => {
      this.#fault(String(error?.stack ?? error));
      response.destroy();
    });
  });
  /** The keys of channels, by their paths. */
  #keys = new Map();
  /** By id: the path that a firing came to, its turn, and how often it came. In the order in which they first came. */
  #told = new Map();
  /** What the last new firing of each path was of. */
  #turns = new Map();
  #faults = [];
  #wronglySigned = 0;
  #notices = 0;

  /** @param knowsTheTime whether those who sign do */
  constructor({ random, knowsTheTime }) {
    this.#random = random;
    this.#knowsTheTime = knowsTheTime;
  }

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#server.unref();
  }

  /** A channel of its own. */
  channel(name) {
    const path = `/${this.#keys.size}`;
    const token = `whsec_${randomBytes(32).toString('base64')}`;
    this.#keys.set(path, token);
    const url = `http://127.0.0.1:${this.#server.address().port}${path}`;
    return { kind: 'WEBHOOK', name, url, token };
  }

  async #take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const { url: path, headers } = request;
    if (!(await this.#isSigned(path, headers, body))) {
      this.#wronglySigned++;
      this.#fault(`a message to ${path} is not signed as it has to be: ${body}`);
    }
    this.#takeMessage(path, headers['webhook-id'], JSON.parse(body));
    if (this.#random() < BROKEN_OFF) response.destroy();
    else response.writeHead(204).end();
  }

  async #isSigned(path, headers, body) {
    const age = Math.abs(Date.now() / 1_000 - Number(headers['webhook-timestamp']));
    if (this.#knowsTheTime && !(age <= TOLERANCE_S)) return false;
    return validateWebhook({ headers, body }, this.#keys.get(path)).catch(() => false);
  }

  #takeMessage(path, id, { type, data }) {
    if (data.id !== id && type === 'alert.fired')
      this.#fault(`the firing ${data.id} came as ${id}`);
    if (type.startsWith('health.')) this.#notices++;
    else if (type !== 'alert.fired') this.#fault(`a message of the type ${type}`);
    else this.#takeFiring(path, id, data.turn);
  }

  #takeFiring(path, id, turn) {
    const known = this.#told.get(id);
    if (known) {
      known.count++;
      if (known.path !== path) this.#fault(`${id} came to ${known.path} and to ${path}`);
      return;
    }
    const before = this.#turns.get(path) ?? 0;
    if (turn <= before)
      this.#fault(`a firing of turn ${turn} came to ${path} after one of ${before}`);
    this.#turns.set(path, turn);
    this.#told.set(id, { path, count: 1 });
  }

  #fault(words) {
    this.#faults.push(words);
  }

  #lost(ids) {
    return ids.filter((id) => !this.#told.has(id));
  }

  hasAll(ids) {
    return this.#lost(ids).length === 0;
  }

  /** @param ids of all firings */
  faultsOf(ids) {
    const there = new Set(ids);
    const extra = [...this.#told.keys()].filter((id) => !there.has(id));
    return [
      ...this.#faults,
      ...this.#lost(ids).map((id) => `a firing was not told: ${nameOf(id)}`),
      ...extra.map((id) => `a firing was told that is none: ${nameOf(id)}`),
    ];
  }

  summaryOf(ids) {
    const messages = [...this.#told.values()].reduce((sum, { count }) => sum + count, 0);
    return (
      `${ids.length} firings, ${this.#told.size} of them told by ${messages} messages; ` +
      `${this.#notices} notices; ${this.#lost(ids).length} lost, ${this.#wronglySigned} wrongly signed`
    );
  }
}

function nameOf(id) {
  return Buffer.from(id, 'base64url').toString();
}
