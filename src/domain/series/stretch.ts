import type { Universe } from '../asset.js';
import { numberAt } from '../cells.js';
import type { TurnColumns } from './frame-columns.js';
import type { TimeRange } from './range.js';
import { bucketOf, bucketStart, DAY, type Span } from './span.js';

/** How many buckets a stretch has at most. */
const MOST_BUCKETS = 24;

/** Stretches of time, one after another, each of whole buckets: a day of them, but not too many. */
export class Stretches {
  readonly #every: Span;
  /** How many buckets are in each. */
  readonly #buckets: number;

  /** @param every how long a bucket is */
  constructor(every: Span) {
    this.#every = every;
    this.#buckets = Math.max(1, Math.min(MOST_BUCKETS, Math.floor(DAY / every)));
  }

  /** Which stretch a moment is in. */
  of(moment: number): number {
    return Math.floor(bucketOf(moment, this.#every) / this.#buckets);
  }

  timeOf(stretch: number): TimeRange {
    const [first, next] = [stretch * this.#buckets, (stretch + 1) * this.#buckets];
    return { from: bucketStart(first, this.#every), to: bucketStart(next, this.#every) };
  }
}

/** Turns that follow each other and were observed in the same stretch. */
export interface Visit extends TimeRange {
  readonly stretch: number;
  readonly firstTurn: number;
  /** Whether the first one can be read. */
  readonly isFirstReadable: boolean;
  /** The last one, and the last one that can be read: NaN where none can. */
  lastTurn: number;
  lastReadable: number;
  readonly universes: Set<Universe>;
  /** Whether other turns of the same stretch were found apart from these. */
  isApart: boolean;
}

/** A part of a chunk, by index. */
export interface VisitPart {
  readonly visit: Visit;
  readonly start: number;
  readonly end: number;
}

function isDuring({ from, to }: TimeRange, moment: number): boolean {
  return moment >= from && moment < to;
}

/**
 * Follows turns from stretch to stretch, chunk by chunk. The clock may go back, so that turns of a
 * stretch lie apart. Turns of which nobody knows when they were observed are in none.
 */
export class StretchVisits {
  readonly #stretches: Stretches;
  /** The last visit of each stretch. */
  readonly #visits = new Map<number, Visit>();
  #current: Visit | null = null;

  constructor(stretches: Stretches) {
    this.#stretches = stretches;
  }

  /** The visits that turns from an index on belong to: the first may go on with that of the chunk before. */
  follow({ turns, observedAt, universes }: TurnColumns, from: number): readonly VisitPart[] {
    const parts: VisitPart[] = [];
    let start = from;
    let visit = this.#current;
    let universe: Universe | null = null;
    const close = (end: number) => {
      if (visit && end > start) parts.push({ visit, start, end });
      start = end;
      universe = null;
    };
    for (let index = from, end: number; index < turns.length; index = end) {
      end = index + 1;
      const moment = numberAt(observedAt, index);
      if (Number.isNaN(moment)) continue;
      const own = universes[index] ?? null;
      if (visit === null || !isDuring(visit, moment)) {
        close(index);
        visit = this.#begin(moment, numberAt(turns, index), own !== null);
      }
      // Written out: a call for each turn took more than all the rest.
      const { from: begin, to: over } = visit;
      for (; end < turns.length; end++) {
        const next = numberAt(observedAt, end);
        if (!(next >= begin && next < over) || (universes[end] ?? null) !== own) break;
      }
      visit.lastTurn = numberAt(turns, end - 1);
      if (own === null) continue;
      visit.lastReadable = visit.lastTurn;
      if (own !== universe) visit.universes.add((universe = own));
    }
    close(turns.length);
    this.#current = visit;
    return parts;
  }

  /** The turns that come next do not follow those that came last. */
  interrupt(): void {
    this.#current = null;
  }

  #begin(moment: number, turn: number, isFirstReadable: boolean): Visit {
    const stretch = this.#stretches.of(moment);
    const before = this.#visits.get(stretch);
    if (before) before.isApart = true;
    const visit: Visit = {
      ...this.#stretches.timeOf(stretch),
      ...{ stretch, firstTurn: turn, lastTurn: turn, isFirstReadable, lastReadable: NaN },
      universes: new Set(),
      isApart: before !== undefined,
    };
    this.#visits.set(stretch, visit);
    return visit;
  }
}
