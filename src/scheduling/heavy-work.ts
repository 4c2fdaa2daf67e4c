import { FairQueue } from './fair-queue.js';

/** What is under way and waits, at most: in all, and of one client. */
export interface HeavyLimits {
  readonly underWay: number;
  readonly underWayOfOne: number;
  readonly waiting: number;
  readonly waitingOfOne: number;
}

/** A queue that is full: whose, and how much it takes. */
export interface FullQueue {
  readonly of: 'ALL' | 'CLIENT';
  readonly allowed: number;
}

/** One that waits for its place. */
interface Waiting {
  readonly begin: () => void;
}

/**
 * Bounds how many pieces of heavy work are under way: what each of them holds in memory adds up, and
 * more of them at once bring nothing. The rest waits, and each client has its turn.
 */
export class HeavyWork {
  readonly #limits: HeavyLimits;
  readonly #queue = new FairQueue<Waiting>();
  readonly #underWay = new Map<string, number>();
  #total = 0;

  constructor(limits: HeavyLimits) {
    this.#limits = limits;
  }

  get underWay(): number {
    return this.#total;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Which queue is full for a client, or null. */
  fullFor(client: string): FullQueue | null {
    const { underWay, underWayOfOne, waiting, waitingOfOne } = this.#limits;
    const isRoom = this.#total < underWay && (this.#underWay.get(client) ?? 0) < underWayOfOne;
    if (isRoom) return null;
    if (this.#queue.lengthOf(client) >= waitingOfOne)
      return { of: 'CLIENT', allowed: waitingOfOne };
    if (this.#queue.length >= waiting) return { of: 'ALL', allowed: waiting };
    return null;
  }

  /**
   * Waits for a place, however many others wait.
   * @returns what gives it back; safe to call again
   * @throws what ended the work before it had a place
   */
  async acquire(client: string, ended?: AbortSignal): Promise<() => void> {
    ended?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#queue.remove(client, waiting);
        reject(ended?.reason as Error);
      };
      const waiting: Waiting = {
        begin: () => {
          ended?.removeEventListener('abort', leave);
          resolve();
        },
      };
      ended?.addEventListener('abort', leave, { once: true });
      this.#queue.push(client, waiting);
      this.#beginNext();
    });
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#leave(client);
    };
  }

  #beginNext(): void {
    const { underWay, underWayOfOne } = this.#limits;
    while (this.#total < underWay) {
      let taker = '';
      const next = this.#queue.take((client) => {
        taker = client;
        return (this.#underWay.get(client) ?? 0) < underWayOfOne;
      });
      if (!next) return;
      this.#total++;
      this.#underWay.set(taker, (this.#underWay.get(taker) ?? 0) + 1);
      next.begin();
    }
  }

  #leave(client: string): void {
    this.#total--;
    const left = (this.#underWay.get(client) ?? 0) - 1;
    if (left > 0) this.#underWay.set(client, left);
    else this.#underWay.delete(client);
    this.#beginNext();
  }
}
