import { inTime } from './until.js';

/** What a stream says in one go: an event, or a comment. */
export interface Told {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  readonly comment?: string;
  readonly retry?: string;
}

/** An event stream, read by hand: what the protocol says is there to be seen. */
export class EventReader {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  readonly #decoder = new TextDecoder();
  #text = '';

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader();
  }

  static async open(
    { url }: { readonly url: string },
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: abort.signal,
    });
    return new EventReader(response, abort);
  }

  /** As an EventSource opens one. */
  static async get(
    { url }: { readonly url: string },
    parameters: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventReader> {
    const abort = new AbortController();
    const search = new URLSearchParams(parameters).toString();
    const response = await fetch(`${url}/graphql?${search}`, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    });
    return new EventReader(response, abort);
  }

  /** What is told next, comments and all; null at the end. */
  async told(): Promise<Told | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return read(block);
      }
      const { done, value } = await inTime('something on an event stream', this.#reader.read());
      if (done) return null;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }

  /** The next event; null at the end. */
  async next(): Promise<Told | null> {
    for (;;) {
      const told = await this.told();
      if (told === null || told.event !== undefined) return told;
    }
  }

  /** The turns of the next so many cycles, each of which has its turn as its id. */
  async turns(count: number): Promise<number[]> {
    const turns: number[] = [];
    while (turns.length < count) {
      const told = await this.next();
      const { data } = JSON.parse(told?.data ?? 'null') as {
        data: { cycleCompleted: { turn: number } };
      };
      const { turn } = data.cycleCompleted;
      if (told?.id !== String(turn)) throw new Error(`id ${told?.id} for turn ${turn}`);
      turns.push(turn);
    }
    return turns;
  }

  /** All events until the end. */
  async all(): Promise<Told[]> {
    const events: Told[] = [];
    for (let told = await this.next(); told; told = await this.next()) events.push(told);
    return events;
  }

  close(): void {
    this.#abort.abort();
  }
}

function read(block: string): Told {
  const told: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    told[name === '' ? 'comment' : (name as string)] = value ?? '';
  }
  return told;
}
