import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';

/** Where a command writes bytes, as fast as they are taken. */
export class Output {
  readonly #stream: Writable;
  readonly #file: string | null;
  #failure: Error | null = null;
  bytes = 0;

  /** @param file null for standard output; a file gets its name when it is whole */
  constructor(file: string | null) {
    this.#file = file;
    this.#stream = file === null ? process.stdout : createWriteStream(partOf(file));
    this.#stream.on('error', (error) => (this.#failure = error));
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    for (const piece of pieces) {
      // After one nothing is taken any more, and nobody hears of that.
      if (this.#failure) throw this.#failure;
      this.bytes += piece.length;
      if (!this.#stream.write(piece)) await once(this.#stream, 'drain');
    }
  }

  async end(): Promise<void> {
    if (this.#file === null) return;
    if (this.#failure) throw this.#failure;
    this.#stream.end();
    await once(this.#stream, 'close');
    await rename(partOf(this.#file), this.#file);
  }

  /** Nothing is left of it. */
  async discard(): Promise<void> {
    if (this.#file === null) return;
    this.#stream.destroy();
    await rm(partOf(this.#file), { force: true });
  }
}

function partOf(file: string): string {
  return `${file}.part`;
}
