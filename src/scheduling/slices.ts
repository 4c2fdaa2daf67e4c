import { FairQueue } from './fair-queue.js';
import { Precedence } from './precedence.js';

/** When work of the second rank ends its slice, milliseconds: with the step it is at, it holds the loop 10. */
const SLICE_MS = 8;
/** The same while something of the first rank is under way: each of its steps may have to wait so long. */
const SHORT_SLICE_MS = 3;
/** How long work holds back for something of the first rank that is under way, milliseconds. */
const LONGEST_WAIT_MS = 50;
/** How long work holds back for clients that come one after another, milliseconds. */
const LONGEST_ARRIVAL_MS = 50;
/** How long work that waits for nobody may hold the event loop, milliseconds. */
const LONGEST_HOLD_MS = 20;

/** When a piece of work has to let others go before it goes on. */
export interface Pace {
  /** Whether it is time to call {@link next}; cheap, to be asked between small steps. */
  readonly isSpent: boolean;
  /**
   * Resolves when it is this work's turn.
   * @throws what ended the work, where nobody waits for it any longer
   */
  next(): Promise<void>;
}

/** The pace of work that nobody is held up by. */
export const UNPACED: Pace = { isSpent: false, next: () => Promise.resolve() };

/** The pace of work that goes before all other, and still lets the loop go round now and then. */
export function firstPace(): Pace {
  let since = performance.now();
  const isSpent = (): boolean => performance.now() - since >= LONGEST_HOLD_MS;
  return {
    get isSpent() {
      return isSpent();
    },
    next: async () => {
      if (!isSpent()) return;
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    },
  };
}

type Wake = () => void;

/**
 * Shares out the event loop. Turns and pushes are of the first rank. Whatever reads and derives for
 * one caller is of the second: it works in slices of some milliseconds, those of all clients in turn,
 * and after each slice the loop goes round. While something of the first rank is under way, the slices
 * are short and far between; they do not end, because an exchange may take many seconds to answer, and
 * where pushes do not keep up with the turns, they come without end: whoever catches up is served as well.
 *
 * To come in is different: that is little work for each request, which must neither wait for a turn
 * nor hold the loop where there are thousands.
 */
export class Slices {
  readonly #entering = new FairQueue<Wake>();
  readonly #working = new FairQueue<Wake>();
  /** When the slice began; null between two of them. */
  #since: number | null = null;
  #workedAt = -Infinity;
  #isWakePlanned = false;
  #isEntrysTurn = true;
  /** Ends the holding back. */
  #timer: NodeJS.Timeout | undefined;
  /** Of what is of the first rank. */
  readonly #first = new Precedence();
  readonly #quiet = new Set<() => void>();
  /** Whether a client has come since it was looked last. */
  #hasArrived = false;
  /** Since when clients come one after another; null where they do not. */
  #arrivingSince: number | null = null;
  #areRoundsPlanned = false;

  /**
   * A client has connected. Node accepts one connection each time the loop goes round, so that a
   * thousand of them would wait for a thousand slices: work holds back for a while, as long as one
   * comes with each round.
   */
  arrival(): void {
    this.#hasArrived = true;
  }

  /** Work of the first rank: the rest holds back until it is done. */
  async first<T>(work: Promise<T>): Promise<T> {
    this.#first.begin();
    try {
      return await work;
    } finally {
      this.#first.end();
      if (!this.#first.isUnderWay) {
        for (const resolve of this.#quiet) resolve();
        this.#planWake();
      }
    }
  }

  /**
   * Resolves when nothing of the first rank is under way, or after a while: so a turn that pushes do
   * not keep up with comes later, instead of leaving them ever further behind.
   */
  async quiet(longestMs: number): Promise<void> {
    if (!this.#first.isUnderWay) return;
    let resolve: () => void = () => undefined;
    const quiet = new Promise<void>((done) => (resolve = done));
    const timer = setTimeout(resolve, longestMs);
    this.#quiet.add(resolve);
    await quiet;
    this.#quiet.delete(resolve);
    clearTimeout(timer);
  }

  /** The pace of work that a client has asked for; it ends with the signal. */
  paceOf(client: string, ended?: AbortSignal): Pace {
    const isSpent = (): boolean => this.#isSpent();
    return {
      get isSpent() {
        return isSpent();
      },
      next: async () => {
        ended?.throwIfAborted();
        await this.#wait(this.#working, client);
        ended?.throwIfAborted();
      },
    };
  }

  /** Resolves when it is a client's turn to come in: at once where nobody waits. */
  admit(client: string): Promise<void> {
    if (this.#isFree && !this.#isSpent()) {
      // Whoever comes next waits until this one's work is done.
      this.#planWake();
      return Promise.resolve();
    }
    return this.#wait(this.#entering, client);
  }

  /** Whether nobody waits, or is about to come. */
  get #isFree(): boolean {
    const isWaiting = this.#entering.length + this.#working.length > 0;
    const isComing = this.#isWakePlanned || this.#areRoundsPlanned || this.#hasArrived;
    return !isWaiting && !isComing;
  }

  #isSpent(): boolean {
    if (this.#since === null) this.#begin();
    return performance.now() - (this.#since as number) >= this.#length;
  }

  get #length(): number {
    return this.#first.holds ? SHORT_SLICE_MS : SLICE_MS;
  }

  /** Begins a slice, which ends when the loop has gone round. */
  #begin(): void {
    this.#since = performance.now();
    setImmediate(() => {
      this.#since = null;
      this.#wake();
    });
  }

  #wait(queue: FairQueue<Wake>, client: string): Promise<void> {
    return new Promise((resolve) => {
      queue.push(client, resolve);
      this.#planWake();
    });
  }

  /** Wakes the next one when all that follows from what runs at the moment is done. */
  #planWake(): void {
    if (this.#isWakePlanned) return;
    this.#isWakePlanned = true;
    // Ticks come when there is no microtask left.
    queueMicrotask(() => {
      process.nextTick(() => {
        this.#isWakePlanned = false;
        this.#wake();
      });
    });
  }

  #wake(): void {
    if (this.#entering.length + this.#working.length === 0) return;
    // The loop goes round first.
    if (this.#since !== null && this.#isSpent()) return;
    if (this.#areRoundsPlanned || this.#letArrive()) return;
    const wake = this.#take();
    if (!wake) return;
    if (this.#since === null) this.#begin();
    wake();
    this.#planWake();
  }

  /** Has the loop go round where a client has come: there may be more. @returns whether it does */
  #letArrive(): boolean {
    const now = performance.now();
    if (this.#hasArrived) this.#arrivingSince ??= now;
    const isLong = now - (this.#arrivingSince ?? now) >= LONGEST_ARRIVAL_MS;
    if (!this.#hasArrived || isLong) {
      this.#arrivingSince = null;
      return false;
    }
    this.#hasArrived = false;
    this.#areRoundsPlanned = true;
    // The first ends this round, the second the next one.
    setImmediate(() =>
      setImmediate(() => {
        this.#areRoundsPlanned = false;
        this.#wake();
      }),
    );
    return true;
  }

  /** Who comes in and who works have their turns alternately. */
  #take(): Wake | undefined {
    this.#isEntrysTurn = !this.#isEntrysTurn;
    const entering = this.#isEntrysTurn ? this.#entering.take() : undefined;
    return entering ?? this.#takeWork() ?? this.#entering.take();
  }

  #takeWork(): Wake | undefined {
    if (this.#working.length === 0) return undefined;
    const wait = this.#holdBackMs();
    if (wait > 0) {
      if (!this.#timer) this.#timer = setTimeout(() => this.#holdNoLonger(), wait);
      return undefined;
    }
    this.#workedAt = performance.now();
    return this.#working.take();
  }

  #holdNoLonger(): void {
    this.#timer = undefined;
    this.#wake();
  }

  /** How long work has to wait for what goes first; a slice that it has begun is its own to the end. */
  #holdBackMs(): number {
    if (!this.#first.holds) return 0;
    if (this.#since !== null && this.#workedAt >= this.#since) return 0;
    return this.#workedAt + LONGEST_WAIT_MS - performance.now();
  }
}
