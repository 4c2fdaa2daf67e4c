import type { TurnFailure } from '../history/turn-failure.js';
import type { TurnOutcome } from './turn-runner.js';

/** How long one turn took, and whether it was in time. */
export interface TurnTiming {
  readonly ms: number;
  /** Why it began late, where it did. */
  readonly late: TurnFailure | null;
}

/** How one turn went. */
export interface TurnReport extends TurnTiming {
  readonly outcome: Exclude<TurnOutcome['kind'], 'FOLLOWING'>;
  /** What went wrong, where something did. */
  readonly code: string | null;
}

/** Turns that went the same way. */
export interface TurnCount {
  readonly outcome: TurnReport['outcome'];
  /** What went wrong, where something did. */
  readonly code: string | null;
  readonly count: number;
}

/** How the turns of this instance went since its start. */
export class TurnTally {
  readonly #counts = new Map<string, TurnCount>();
  #late = 0;
  #lastLate: TurnFailure | null = null;

  add({ outcome, code, late }: TurnReport): void {
    const key = `${outcome} ${code ?? ''}`;
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { outcome, code, count });
    if (late === null) return;
    this.#late++;
    this.#lastLate = late;
  }

  get counts(): readonly TurnCount[] {
    return [...this.#counts.values()];
  }

  of(outcome: TurnCount['outcome']): number {
    return this.counts
      .filter((one) => one.outcome === outcome)
      .reduce((sum, { count }) => sum + count, 0);
  }

  /** How many began later than they were due. */
  get late(): number {
    return this.#late;
  }

  /** The last of them, and why. */
  get lastLate(): TurnFailure | null {
    return this.#lastLate;
  }
}
