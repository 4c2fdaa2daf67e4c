import type { Cycle } from '../domain/cycle.js';
import type { Line } from '../domain/series/line.js';
import { MOST_READS, mostReadsOf, pairsRead } from '../history/series-checks.js';
import { SeriesFault, type ExceededLimit } from '../history/series-fault.js';
import type { TurnsBudget } from '../history/window-turns.js';
import { MOST_RETURNS } from '../history/window-work.js';

/** The most that is read and worked out. */
export interface MostRead {
  /** Prices: turns times pairs. */
  readonly reads?: number | undefined;
  /** What windows are made of. */
  readonly returns?: number | undefined;
}

/** How much may be read for a line, however often it is gone back to. */
export class ReadAllowance {
  readonly #prices: number;
  readonly #allowed: number;
  /** What may still be read. */
  readonly budget: TurnsBudget;

  /** @param cycle one by which it is told which pairs are listed */
  constructor(line: Line, cycle: Cycle, { reads = MOST_READS, returns = MOST_RETURNS }: MostRead) {
    this.#prices = pairsRead([line], null, { first: cycle, last: cycle });
    this.#allowed = mostReadsOf([line], reads);
    this.budget = { prices: this.#allowed, returns };
  }

  /** How many turns may be read in all. */
  get turns(): number {
    return Math.floor(this.#allowed / this.#prices);
  }

  /** By what it is exceeded where so many more turns are read; null where it is not. */
  excess(turns: number): ExceededLimit | null {
    const found = this.#allowed - this.budget.prices + turns * this.#prices;
    return found <= this.#allowed ? null : { name: 'prices read', allowed: this.#allowed, found };
  }

  /** @throws {SeriesFault} where it is exceeded */
  spend(turns: number): void {
    const limit = this.excess(turns);
    if (limit) throw new SeriesFault('from', 'take a shorter range', limit);
    this.budget.prices -= turns * this.#prices;
  }
}
