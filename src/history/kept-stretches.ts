import { LRUCache } from 'lru-cache';
import type { Universe } from '../domain/asset.js';
import type { BucketTurns } from '../domain/series/buckets.js';
import { numeraireOf, type Line } from '../domain/series/line.js';
import type { TimeRange } from '../domain/series/range.js';
import type { Span } from '../domain/series/span.js';
import { SharedUniverse } from './chunk-builder.js';
import type { LinePart } from './line-sum.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';

/** About how much memory a stretch takes beside its numbers, bytes. */
const STRETCH_BYTES = 1_000;

/** The turns that were observed in a stretch of time: all of them, and no others between them. */
export interface StretchTurns extends TimeRange {
  /** The first of its buckets with a turn; those from there to the last one with a turn. */
  readonly firstBucket: number;
  readonly buckets: BucketTurns;
  readonly firstTurn: number;
  readonly lastTurn: number;
  /** From the last turn up to here no turn was observed at a known time. */
  readonly through: number;
  /** The last turn that can be read; NaN where none can. */
  readonly lastReadable: number;
  readonly universes: readonly Universe[];
}

/** What a line comes to in a stretch. */
export interface KeptLine {
  readonly turns: StretchTurns;
  readonly part: LinePart;
}

/** What is known of the stored turns as somebody begins to read: see {@link KeptStretches.begin}. */
export interface KeptMark {
  readonly epoch: string;
  readonly changes: number;
}

export interface KeptStretchesOptions {
  /** While it is the same, so is every stored turn. */
  readonly epoch: () => string;
  /** How much memory it may take, bytes; above 0. */
  readonly bytes: number;
}

/**
 * What lines come to in the buckets of whole stretches of time that are past, so that an answer over
 * them takes no reading. Those that were not asked for the longest are forgotten first; all of them
 * where turns are purged, removed for their age, taken back, or to be read anew; and one that is not
 * past after all, because the clock has gone back into it.
 */
export class KeptStretches {
  /** What is kept of several answers shares its universes: each answer may have read its own. */
  readonly universes = new SharedUniverse();
  readonly #epoch: () => string;
  readonly #lines: LRUCache<string, KeptLine>;
  #known = '';
  #latestTurn = 0;
  /** No stretch ends after this moment, be it kept or being read. */
  #until = -Infinity;
  #changes = 0;

  constructor({ epoch, bytes }: KeptStretchesOptions) {
    this.#epoch = epoch;
    this.#lines = new LRUCache({ maxSize: bytes, sizeCalculation: bytesOf });
  }

  /** How much memory there is for them, bytes. */
  get room(): number {
    return this.#lines.maxSize;
  }

  /** About how much of it is taken. */
  get bytes(): number {
    return this.#lines.calculatedSize;
  }

  /** A turn was announced. */
  add(stored: StoredCycle): void {
    const isNext = stored.turn === this.#latestTurn + 1;
    this.#latestTurn = stored.turn;
    if (!isNext || !isReadable(stored)) {
      // Nobody knows when it was observed, or those between.
      this.#changes++;
      this.#lines.clear();
      return;
    }
    const { observedAt } = stored.frame;
    if (observedAt >= this.#until) return;
    this.#changes++;
    for (const [key, { turns }] of [...this.#lines.entries()]) {
      if (observedAt >= turns.from && observedAt < turns.to) this.#lines.delete(key);
    }
  }

  /**
   * Somebody begins to read, before it is known which turns.
   * @param now no stretch is to be kept that ends after this moment
   */
  begin(now: number): KeptMark {
    this.#forgetWhatChanged();
    this.#until = Math.max(this.#until, now);
    return { epoch: this.#known, changes: this.#changes };
  }

  find(key: string): KeptLine | null {
    this.#forgetWhatChanged();
    return this.#lines.get(key) ?? null;
  }

  /** @param mark what was known before it was read: nothing is kept of what has changed since */
  keep(mark: KeptMark, key: string, line: KeptLine): void {
    this.#forgetWhatChanged();
    if (mark.epoch !== this.#known || mark.changes !== this.#changes) return;
    this.#lines.set(key, line);
  }

  #forgetWhatChanged(): void {
    const epoch = this.#epoch();
    if (epoch === this.#known) return;
    this.#known = epoch;
    this.#lines.clear();
  }
}

/** What a line is kept by, in buckets of a span: whatever it says, and what it is priced in. */
export function keptKey(line: Line, numeraire: string, every: Span): string {
  const isPriced = numeraireOf(line) === null;
  const said = Object.entries(isPriced ? { ...line, in: numeraire } : line);
  return JSON.stringify([every, said.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** About how much memory a line takes in a stretch: what it shares with others is counted for each. */
export function bytesOf({ turns: { buckets }, part: { aggregates, runs } }: KeptLine): number {
  const numbers = aggregates.byteLength + 3 * buckets.counts.byteLength;
  return STRETCH_BYTES + numbers + runs.nulls.bytes + (runs.paths?.bytes ?? 0);
}
