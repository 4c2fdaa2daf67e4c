import type { ServerResponse } from 'node:http';
import type { SubscribePayload } from 'graphql-ws';
import type { Viewer } from '../graphql/rights.js';
import type { Connections } from './connections.js';
import { EventOperation } from './event-operation.js';
import { EventOutlet } from './event-outlet.js';
import { atWallTime } from './expiry.js';
import type { OperationRunner } from './runner.js';

/** How often each stream says something, milliseconds: proxies cut what is silent for a minute. */
const BEAT_MS = 15_000;
/** Why streams end that the server ends. */
const GOING_AWAY = 'the server goes away; come back';
const EXPIRED = 'the access token has expired';

/** What is asked for as an event stream, by a client that is let in and counted. */
export interface AskedStream {
  readonly response: ServerResponse;
  readonly viewer: Viewer;
  /** Where it comes from. */
  readonly address: string;
  readonly payload: SubscribePayload;
  /** The turn that the client has got to, as it says when it comes back; null where it does not. */
  readonly last: number | null;
}

/** GraphQL over server-sent events: each stream has one operation, which shares the hub with all others. */
export class EventStreams {
  readonly #runner: OperationRunner;
  readonly #connections: Connections;
  readonly #onSlow: () => void;
  readonly #open = new Set<EventOperation>();
  /** One for all of them, while there are any. */
  #beating: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(runner: OperationRunner, connections: Connections, onSlow: () => void) {
    this.#runner = runner;
    this.#connections = connections;
    this.#onSlow = onSlow;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size;
  }

  /** Begins a stream and its operation. */
  open({ response, viewer, address, payload, last }: AskedStream): void {
    const outlet = new EventOutlet(response);
    const operation = new EventOperation(outlet);
    outlet.open();
    if (this.#isStopped) operation.interrupt(GOING_AWAY);
    if (operation.isOver) return;
    this.#open.add(operation);
    this.#beating ??= setInterval(() => this.#beat(), BEAT_MS);
    const forget = this.#connections.add(address);
    outlet.atEnd(() => {
      forget();
      operation.end();
      this.#open.delete(operation);
      if (outlet.isSlow) this.#onSlow();
      if (this.#open.size > 0) return;
      clearInterval(this.#beating);
      this.#beating = undefined;
    });
    // Who comes back has to show other rights.
    operation.owns(atWallTime(viewer.expiresAt, () => operation.interrupt(EXPIRED)));
    void this.#runner.run({ operation, viewer, payload, last });
  }

  /** Ends all streams, so that their clients come back. */
  stop(): void {
    this.#isStopped = true;
    for (const operation of [...this.#open]) operation.interrupt(GOING_AWAY);
  }

  #beat(): void {
    for (const { wire } of [...this.#open]) wire.beat();
  }
}
