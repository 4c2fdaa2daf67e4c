import { compressed, SMALLEST_COMPRESSED_BYTES } from './compression.js';

/** What follows the head of a message that many get: written once, and compressed once at most. */
export class Body {
  readonly #plain: Buffer;
  /** Undefined before it was tried; null where it is not worth it. */
  #compressed: Buffer | null | undefined;
  #underWay: Promise<void> | undefined;

  constructor(plain: Buffer) {
    this.#plain = plain;
    if (plain.length < SMALLEST_COMPRESSED_BYTES) this.#compressed = null;
  }

  /** As it is. */
  get plain(): Buffer {
    return this.#plain;
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
