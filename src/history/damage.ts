import type { Logger } from '../log.js';
import type { UnreadableCycle } from './stored-cycle.js';

/** How many cycles are remembered as unreadable, and how many of them are named. */
const REMEMBERED = 1_000;
const NAMED = 20;

/** What of the stored data was found damaged: said once in the log, and for as long as it holds. */
export class Damage {
  readonly #log: Logger;
  readonly #others = new Map<string, string>();
  readonly #cycles = new Map<number, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** What an operator should know, in words. */
  get warnings(): string[] {
    const turns = [...this.#cycles.keys()].sort((a, b) => a - b);
    const [first] = turns;
    if (first === undefined) return [...this.#others.values()];
    const more = turns.length > NAMED ? ` and ${turns.length - NAMED} more` : '';
    const named = turns.slice(0, NAMED).join(', ');
    const words =
      turns.length === 1
        ? `Of the stored cycles, 1 cannot be read: ${this.#cycles.get(first)}.`
        : `Of the stored cycles, ${turns.length} cannot be read: those of turns ${named}${more}.`;
    return [words, ...this.#others.values()];
  }

  /** Says what is wrong with something, in place of what was said of it before. */
  report(what: string, words: string): void {
    if (this.#others.get(what) === words) return;
    this.#others.set(what, words);
    this.#log.error({ code: 'DAMAGED', what }, words);
  }

  /** Something is whole again, or gone. */
  clear(what: string): void {
    this.#others.delete(what);
  }

  reportCycle({ turn, message }: UnreadableCycle): void {
    if (this.#cycles.has(turn) || this.#cycles.size >= REMEMBERED) return;
    this.#cycles.set(turn, message);
    this.#log.error({ code: 'CYCLE_UNREADABLE', turn }, message);
  }

  /** A cycle could be read, or is gone. */
  clearCycle(turn: number): void {
    this.#cycles.delete(turn);
  }

  clearCyclesBefore(turn: number): void {
    for (const each of this.#cycles.keys()) if (each < turn) this.#cycles.delete(each);
  }
}
