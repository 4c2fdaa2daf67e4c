/** What may wait for a client to read it, bytes: past that it is a slow one. */
const MOST_BUFFERED_BYTES = 1024 * 1024;
/** Below this a client is sent more of what can wait, bytes. */
const LITTLE_BUFFERED_BYTES = 64 * 1024;
/** How long a client gets to take notice that its connection is closed, milliseconds. */
export const CLOSING_MS = 5_000;

/**
 * The way out to one client, whatever its protocol. Whatever is written to its connection goes through
 * here, so that one rule holds for all of it: a client that has not read what it was sent is closed, and
 * gets no more.
 */
export abstract class Outlet {
  readonly #atEnd: (() => void)[] = [];
  /** Who waits for the client to read. */
  readonly #draining: (() => void)[] = [];
  #isEnded = false;
  #isSlow = false;
  #turn: Promise<void> = Promise.resolve();

  /** Whether the client takes compressed messages. */
  abstract readonly isCompressing: boolean;

  /** Whether the connection takes more. */
  protected abstract get isUp(): boolean;

  /** What the client has not taken yet, bytes. */
  protected abstract get waiting(): number;

  /** Tells a client that it does not keep up, and closes it. */
  protected abstract refuseSlow(): void;

  get isOpen(): boolean {
    return !this.#isEnded && this.isUp;
  }

  /** Whether it was closed because its client did not keep up. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Has something done once nothing more can be sent: at once where that is so already. */
  atEnd(done: () => void): void {
    if (this.isOpen) this.#atEnd.push(done);
    else done();
  }

  /** Whether the client has read nearly all that it was sent. */
  get isDrained(): boolean {
    return this.waiting <= LITTLE_BUFFERED_BYTES;
  }

  /** Resolves when the client has read nearly all that it was sent, or is gone. */
  async drained(): Promise<void> {
    while (this.isOpen && !this.isDrained) {
      await new Promise<void>((resolve) => this.#draining.push(resolve));
    }
  }

  /**
   * Has something sent that can wait, when the client has read nearly all that came before: one at a
   * time, so that many that waited do not come all at once.
   */
  inTurn(send: () => void | Promise<void>): Promise<void> {
    const turn = this.#turn.then(async () => {
      await this.drained();
      await send();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Whether something may be sent; closes a client that has not read what it was sent. */
  protected hasRoom(): boolean {
    if (!this.isOpen) return false;
    if (this.waiting <= MOST_BUFFERED_BYTES) return true;
    this.closeSlow();
    return false;
  }

  protected closeSlow(): void {
    this.#isSlow = true;
    this.refuseSlow();
  }

  protected get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Nothing more is sent. */
  protected end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.wake();
    for (const done of this.#atEnd.splice(0)) done();
  }

  /** The client has read something. */
  protected wake(): void {
    for (const go of this.#draining.splice(0)) go();
  }
}
