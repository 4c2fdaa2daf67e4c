import type { GraphQLFormattedError } from 'graphql';
import type { JsonText } from '../graphql/json.js';
import { END_OF_MESSAGE } from './body.js';
import { RunningOperation, rewoundWords } from './running-operation.js';
import type { SharedMessages } from './shared-messages.js';
import type { Wire } from './wire.js';

/** Close code for a client that was sent turns which are not stored so: it has to begin anew. */
const REWOUND = 4510;
/** Close code of WebSockets for a server that cannot go on; a client tries again. */
const INTERNAL_ERROR = 1011;

/**
 * An operation on a WebSocket, from its `subscribe` on until its `complete`. An id that is used again
 * makes another one.
 */
export class SocketOperation extends RunningOperation<Wire> {
  readonly id: string;
  /** What stands before the payload of each of its answers. */
  readonly #head: Buffer;

  constructor(id: string, wire: Wire) {
    super(wire);
    this.id = id;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  override next(answer: JsonText): void {
    if (!this.isOver) this.wire.send(this.#head, answer.toBuffer(END_OF_MESSAGE));
  }

  override sendShared(messages: SharedMessages): number | null {
    return this.wire.sendShared(this.#head, messages);
  }

  override fail(errors: readonly GraphQLFormattedError[]): void {
    this.#endWith({ id: this.id, type: 'error', payload: errors });
  }

  override complete(): void {
    this.#endWith({ id: this.id, type: 'complete' });
  }

  override rewound(stands: number): void {
    this.end();
    this.wire.close(REWOUND, rewoundWords(stands));
  }

  override interrupt(): void {
    this.end();
    this.wire.close(INTERNAL_ERROR, 'Cycles cannot be read at the moment');
  }

  #endWith(message: object): void {
    if (this.isOver) return;
    // Its id is free when the client reads this.
    this.end();
    this.wire.send(Buffer.from(JSON.stringify(message)));
  }
}
