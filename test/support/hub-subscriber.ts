import type { SharedMessages } from '../../src/subscriptions/shared-messages.js';
import type { Wire } from '../../src/subscriptions/wire.js';

/** What a subscriber was sent, and whether its socket was closed. */
export class HubSubscriber {
  /** The turn after which it is sent the next one. */
  after: number;
  readonly #heldBefore: number;
  readonly sent: { readonly turn: number; readonly timeline: number }[] = [];
  closedWith: number | null = null;
  /** Goes on once it has read what it was sent; null where it reads at once. */
  #stalled: { readonly read: Promise<void>; readonly goOn: () => void } | null = null;

  readonly #onSent: (turn: number) => void;
  /** Called once, when something is sent. */
  whenSent: (() => void) | null = null;

  constructor(after: number, isHeld: boolean, onSent: (turn: number) => void) {
    this.after = after;
    this.#heldBefore = isHeld ? after : 0;
    this.#onSent = onSent;
  }

  /** The last turn that it has. */
  get held(): number {
    return this.sent.at(-1)?.turn ?? this.#heldBefore;
  }

  get isStalled(): boolean {
    return this.#stalled !== null;
  }

  stall(): void {
    let goOn = (): void => undefined;
    const read = new Promise<void>((resolve) => (goOn = resolve));
    this.#stalled ??= { read, goOn };
  }

  goOn(): void {
    this.#stalled?.goOn();
    this.#stalled = null;
  }

  get wire(): Wire {
    const isOpen = (): boolean => this.closedWith === null;
    const isDrained = (): boolean => !isOpen() || !this.isStalled;
    return {
      isCompressing: false,
      get isOpen() {
        return isOpen();
      },
      sendShared: (_head: Buffer, { bodies }: SharedMessages) => {
        for (const { plain } of bodies) {
          const { data } = JSON.parse(plain.toString().slice(0, -1)) as {
            data: { turn: number; cycle: { startedAt: number } };
          };
          this.sent.push({ turn: data.turn, timeline: data.cycle.startedAt });
          this.#onSent(data.turn);
        }
        const { whenSent } = this;
        this.whenSent = null;
        whenSent?.();
        return 0;
      },
      close: (code: number) => void (this.closedWith = code),
      get isDrained() {
        return isDrained();
      },
      drained: async () => {
        while (!isDrained()) await this.#stalled?.read;
      },
    } as unknown as Wire;
  }
}
