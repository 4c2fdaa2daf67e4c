import type { Cycle } from '../../domain/cycle.js';
import type { CycleStore } from '../../history/cycle-store.js';
import { lastReadable } from '../../history/last-readable.js';
import { isReadable } from '../../history/stored-cycle.js';

/** How many cycles are read at once, in the order in which they will be asked for. */
const READ_AHEAD = 64;

/** Some consecutive cycles, and from when to when the newest one is among them. */
interface Window {
  readonly cycles: readonly Cycle[];
  readonly from: number;
  /** Not within it. */
  readonly until: number;
}

/** The stored cycle that was the newest one at a moment, read ahead as time passes. */
export class PastTurns {
  readonly #cycles: Pick<CycleStore, 'range'>;
  #window: Window | null = null;
  #reading: Promise<Window> | null = null;

  constructor(cycles: Pick<CycleStore, 'range'>) {
    this.#cycles = cycles;
  }

  /** @param moment milliseconds since 1970 */
  async at(moment: number): Promise<Cycle | null> {
    const window = await this.#around(moment);
    return window.cycles.findLast(({ frame }) => frame.observedAt <= moment) ?? null;
  }

  async #around(moment: number): Promise<Window> {
    for (;;) {
      const window = this.#window;
      if (window && moment >= window.from && moment < window.until) return window;
      // Whoever asks meanwhile may be helped by the same read.
      const reading = (this.#reading ??= this.#read(moment));
      try {
        this.#window = await reading;
      } finally {
        if (this.#reading === reading) this.#reading = null;
      }
    }
  }

  async #read(moment: number): Promise<Window> {
    const before = await lastReadable(this.#cycles, { to: moment + 1 });
    const after = await this.#cycles.range({
      ...{ afterTurn: before?.turn ?? 0, order: 'OLDEST_FIRST', limit: READ_AHEAD },
    });
    const cycles = [...(before ? [before] : []), ...after].filter((cycle) => isReadable(cycle));
    const isLast = after.length < READ_AHEAD;
    const until = isLast ? Infinity : (cycles.at(-1)?.frame.observedAt ?? 0);
    return { cycles, from: moment, until: Math.max(until, moment + 1) };
  }
}
