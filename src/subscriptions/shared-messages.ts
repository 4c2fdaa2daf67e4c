import type { Duplex } from 'node:stream';
import type { Body } from './body.js';
import { nextEvents } from './event-text.js';
import { openingOf, writeParts } from './websocket-frame.js';

/** The longest body that is copied beside what it stands between; of a longer one, all are sent the same bytes. */
const LONGEST_COPIED_BYTES = 16 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** One of the messages, where it stands in the layout. */
interface Placed {
  readonly start: number;
  /** Where the receiver's own bytes go. */
  readonly gap: number;
  readonly body: Buffer;
}

/**
 * Messages as they go over the wire, with gaps for what is the receiver's own. The bytes are laid out
 * once; for each receiver only the gaps are written anew, and all of it goes out in one piece.
 */
class Layout {
  readonly #placed: readonly Placed[];
  #bytes: Buffer;
  /** A body that is not among them: there is one message then. */
  readonly #behind: Buffer;
  readonly ownLength: number;
  readonly isCompressing: boolean;
  /** How long the bodies are together. */
  readonly bodyBytes: number;

  constructor(bodies: readonly Body[], ownLength: number, isCompressing: boolean) {
    const placed: Placed[] = [];
    const pieces: Buffer[] = [];
    let length = 0;
    let behind: Buffer = NO_BYTES;
    let bodyBytes = 0;
    for (const { plain, compressed } of bodies) {
      const isCompressed = isCompressing && compressed !== null;
      const body = isCompressed ? compressed : plain;
      const opening = openingOf(ownLength, body.length, isCompressed);
      const isCopied = bodies.length > 1 || body.length <= LONGEST_COPIED_BYTES;
      placed.push({ start: length, gap: length + opening.length, body });
      pieces.push(opening, Buffer.alloc(ownLength));
      if (isCopied) pieces.push(body);
      else behind = body;
      length += opening.length + ownLength + body.length;
      bodyBytes += body.length;
    }
    this.#placed = placed;
    this.#bytes = Buffer.concat(pieces);
    this.#behind = behind;
    this.ownLength = ownLength;
    this.isCompressing = isCompressing;
    this.bodyBytes = bodyBytes;
  }

  writeTo(connection: Duplex, own: Buffer): void {
    if (connection.writableLength > 0) return this.#queueAt(connection, own);
    const bytes = this.#bytes;
    for (const { gap } of this.#placed) bytes.set(own, gap);
    writeParts(connection, bytes, this.#behind);
    // What the connection could not take at once it still has to read.
    if (connection.writableLength > 0) this.#bytes = Buffer.from(bytes);
  }

  /** For one that has not taken what it was sent before: of what waits, the bodies are not copied. */
  #queueAt(connection: Duplex, own: Buffer): void {
    for (const { start, gap, body } of this.#placed) {
      writeParts(connection, Buffer.concat([this.#bytes.subarray(start, gap), own]), body);
    }
  }
}

/** Messages in a row that many get, each with a head of its own: made once for all of them. */
export class SharedMessages {
  /** The turn that whoever has been sent them has got to. */
  readonly through: number;
  readonly #bodies: readonly Body[];
  readonly #layouts: Layout[] = [];
  #events: Buffer | undefined;

  constructor(through: number, bodies: readonly Body[]) {
    this.through = through;
    this.#bodies = bodies;
  }

  get bodies(): readonly Body[] {
    return this.#bodies;
  }

  /** The same as server-sent events: whoever gets these is written the very same bytes. */
  get events(): Buffer {
    return (this.#events ??= nextEvents(this.#bodies));
  }

  /** Whether it is known what they are to be sent as to a client that takes compressed messages. */
  get isReady(): boolean {
    return this.#bodies.every(({ isReady }) => isReady);
  }

  /** Makes them ready; never throws. */
  async compress(): Promise<void> {
    for (const body of this.#bodies) await body.compress();
  }

  /**
   * Writes them to a connection, for a receiver's own head.
   * @param isCompressing whether it is sent compressed what is so
   * @returns how many bytes of bodies that were
   */
  writeTo(connection: Duplex, own: Buffer, isCompressing: boolean): number {
    const layout = this.#layoutFor(own.length, isCompressing);
    layout.writeTo(connection, own);
    return layout.bodyBytes;
  }

  /** Heads are of few lengths, as ids are: most clients have one of 36 characters. */
  #layoutFor(ownLength: number, isCompressing: boolean): Layout {
    for (const layout of this.#layouts) {
      if (layout.ownLength === ownLength && layout.isCompressing === isCompressing) return layout;
    }
    const layout = new Layout(this.#bodies, ownLength, isCompressing);
    this.#layouts.push(layout);
    return layout;
  }
}
