import { compressed, SMALLEST_COMPRESSED_BYTES } from './compression.js';

/** What the message ends with that a payload stands in. */
export const END_OF_MESSAGE = '}';

/**
 * What follows the head of a message that many get, on a WebSocket: written once, and compressed once at
 * most. A payload, and the end of the message that it stands in.
 */
export class Body {
  /** The turn that whoever gets it has got to. */
  readonly turn: number;
  readonly #plain: Buffer;
  /** Undefined before it was tried; null where it is not worth it. */
  #compressed: Buffer | null | undefined;
  #underWay: Promise<void> | undefined;

  constructor(turn: number, plain: Buffer) {
    this.turn = turn;
    this.#plain = plain;
    if (plain.length < SMALLEST_COMPRESSED_BYTES) this.#compressed = null;
  }

  /** As it is. */
  get plain(): Buffer {
    return this.#plain;
  }

  /** The payload alone. */
  get payload(): Buffer {
    return this.#plain.subarray(0, -END_OF_MESSAGE.length);
  }

  /** Compressed, where {@link compress} has made it so. */
  get compressed(): Buffer | null {
    return this.#compressed ?? null;
  }

  /** Whether it is known what it is to be sent as to a client that takes compressed messages. */
  get isReady(): boolean {
    return this.#compressed !== undefined;
  }

  /** Makes it ready. Never throws: a body that cannot be compressed is sent as it is. */
  compress(): Promise<void> {
    return (this.#underWay ??= this.#compress());
  }

  async #compress(): Promise<void> {
    if (this.isReady) return;
    const made = await compressed(this.#plain).catch(() => null);
    this.#compressed = made && made.length < this.#plain.length ? made : null;
  }
}
