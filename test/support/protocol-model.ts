import { once } from 'node:events';
import WebSocket from 'ws';
import { inTime } from './until.js';

/** What an operation asks for; each of them says in its answers which `subscribe` they belong to. */
export const KINDS = {
  live: (tag: string) => ({ query: `subscription { ${tag}: cycleCompleted { turn } }` }),
  after: (tag: string) => ({
    query: `subscription ($n: Int) { ${tag}: cycleCompleted(after: $n) { turn } }`,
    variables: { n: 0 },
  }),
  alone: (tag: string) => ({
    query: `subscription { ${tag}: cycleCompleted(after: 1) { turn } }`,
    extensions: { cost: true },
  }),
  silent: (tag: string) => ({
    query: `subscription { ${tag}: strategyConfigUpdated { version } }`,
  }),
  query: (tag: string) => ({ query: `{ ${tag}: status { latestTurn database { version } } }` }),
  mutation: (tag: string) => ({ query: `mutation { ${tag}: resetCache { userErrors { code } } }` }),
  invalid: (tag: string) => ({ query: `{ ${tag} }` }),
} as const;

export type Kind = keyof typeof KINDS;
export type Command =
  | { readonly do: 'subscribe'; readonly id: string; readonly kind: Kind }
  | { readonly do: 'complete'; readonly id: string }
  | { readonly do: 'ping' | 'wait' | 'close' };

const SHARED: readonly Kind[] = ['live', 'after'];
const ENDLESS: readonly Kind[] = ['live', 'after', 'alone', 'silent'];

/** One `subscribe`, as its client knows it. */
interface Asked {
  readonly tag: string;
  readonly kind: Kind;
  readonly turns: number[];
  answers: number;
  /** OPEN, LEAVING: its `complete` is sent; OVER: the server has confirmed that nothing more comes. */
  state: 'OPEN' | 'LEAVING' | 'OVER';
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/**
 * A client that knows what the protocol lets it expect, and notes whatever comes otherwise: each
 * answer belongs to the `subscribe` that stands under its id, none comes after its end.
 */
export class ModelClient {
  readonly faults: string[] = [];
  readonly #socket: WebSocket;
  readonly #current = new Map<string, Asked>();
  /** Those that were completed, with the ping whose answer tells that the server knows. */
  readonly #leaving: { readonly id: string; readonly asked: Asked; readonly ping: number }[] = [];
  readonly #closed: Promise<number>;
  #count = 0;
  #pings = 0;
  #pongs = 0;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = once(socket, 'close').then(([code]) => code as number);
    socket.on('close', () => this.#wake());
    socket.on('message', (data: Buffer) => {
      this.#receive(JSON.parse(data.toString()) as Message);
      this.#wake();
    });
  }

  static async open(url: string): Promise<ModelClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    return new ModelClient(socket);
  }

  /** How many subscriptions the server's groups should know of. */
  get shared(): number {
    return this.#openOf(SHARED).length;
  }

  closeCode(): Promise<number> {
    return this.#closed;
  }

  close(): void {
    this.#socket.close();
  }

  /** @returns the code that the server has to close the socket with, or null */
  async run(command: Command): Promise<number | null> {
    switch (command.do) {
      case 'subscribe':
        return this.#subscribe(command.id, command.kind);
      case 'complete':
        this.#complete(command.id);
        return null;
      case 'ping':
        this.#send({ type: 'ping', payload: { n: ++this.#pings } });
        return null;
      case 'wait':
        await this.settled();
        return null;
      case 'close':
        this.#socket.close();
        return 1005;
    }
  }

  /** Resolves when the server has done everything that was sent so far. */
  async settled(): Promise<void> {
    this.#send({ type: 'ping', payload: { n: ++this.#pings } });
    const sent = this.#pings;
    await this.#until(() => this.#pongs >= sent);
  }

  /** Resolves when all that is open has got what it has to get. */
  async served(): Promise<void> {
    await this.#until(() =>
      this.#openOf(Object.keys(KINDS) as Kind[]).every(
        ({ kind, answers }) => kind === 'silent' || (ENDLESS.includes(kind) && answers >= 2),
      ),
    );
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && this.#socket.readyState === WebSocket.OPEN) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      await inTime('answers to what was sent', woken, () => JSON.stringify([...this.#current]));
    }
  }

  #openOf(kinds: readonly Kind[]): Asked[] {
    return [...this.#current.values()].filter(
      ({ kind, state }) => state === 'OPEN' && kinds.includes(kind),
    );
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** An id whose operation ends by itself is taken again only when that is known to be over. */
  #subscribe(id: string, kind: Kind): number | null {
    const known = this.#current.get(id);
    if (known?.state === 'OPEN' && !ENDLESS.includes(known.kind)) return null;
    const tag = `t${++this.#count}`;
    this.#send({ type: 'subscribe', id, payload: KINDS[kind](tag) });
    if (known?.state === 'OPEN') return 4409;
    this.#current.set(id, { tag, kind, turns: [], answers: 0, state: 'OPEN' });
    return null;
  }

  #complete(id: string): void {
    this.#send({ type: 'complete', id });
    const asked = this.#current.get(id);
    if (asked?.state !== 'OPEN') return;
    asked.state = 'LEAVING';
    this.#leaving.push({ id, asked, ping: this.#pings + 1 });
  }

  #receive(message: Message): void {
    const { type, id = '', payload } = message;
    if (type === 'pong') {
      this.#pongs = (payload as { readonly n: number }).n;
      for (const { asked, ping } of this.#leaving) if (ping <= this.#pongs) asked.state = 'OVER';
      return;
    }
    const current = this.#current.get(id);
    // What was on its way when its operation was completed may still come, before anything newer.
    const earlier = this.#leaving.flatMap(({ id: name, asked }) => (name === id ? [asked] : []));
    const owner = [current, ...(current?.answers === 0 ? earlier : [])].find(
      (asked) => asked && faultOf(message, asked) === null,
    );
    if (owner) note(message, owner);
    else {
      const fault = current ? faultOf(message, current) : 'an answer to nobody';
      this.faults.push(`${fault}: ${JSON.stringify(message)}`);
    }
  }
}

/** What is wrong with a message as an answer to this `subscribe`, or null. */
function faultOf({ type, payload }: Message, asked: Asked): string | null {
  const { tag, kind, state, answers } = asked;
  if (state === 'OVER') return `an answer after the end of ${tag}`;
  switch (type) {
    case 'complete':
      return ENDLESS.includes(kind) || answers !== 1 ? `an early end of ${tag}` : null;
    case 'error':
      return JSON.stringify(payload).includes(`"${tag}\\"`) ? null : `not the error of ${tag}`;
    default: {
      const { data } = payload as { readonly data: Record<string, { turn?: number }> };
      const value = data[tag];
      if (!value) return `not the answer of ${tag}`;
      const last = asked.turns.at(-1);
      const isNext = value.turn === undefined || last === undefined || value.turn === last + 1;
      return isNext ? null : `turn ${value.turn} after ${last}`;
    }
  }
}

/** Notes an answer with the `subscribe` that it belongs to. */
function note({ type, payload }: Message, asked: Asked): void {
  if (type !== 'next') {
    if (asked.state === 'OPEN') asked.state = 'OVER';
    return;
  }
  asked.answers++;
  const { data } = payload as { readonly data: Record<string, { turn?: number }> };
  const { turn } = data[asked.tag] ?? {};
  if (turn !== undefined) asked.turns.push(turn);
}
