/** A turn as it stands among the others. */
export interface TurnMoment {
  readonly turn: number;
  /** Milliseconds since 1970. */
  readonly observedAt: number;
  /** How far apart turns were to be, milliseconds; null for one that was stored before that was. */
  readonly intervalMs: number | null;
}

/** Two neighbours by turn between which time is missing, or goes back. */
export interface TimeGap {
  readonly afterTurn: number;
  readonly beforeTurn: number;
  /** `observedAt` of the two: milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly isBackwards: boolean;
}

/** Neighbours that are so many intervals apart are next to each other. */
const MOST_INTERVALS = 3;
/** Of how many turns before the usual distance is taken, where no interval is stored. */
export const TURNS_BEFORE = 100;

/** Finds gaps, turn by turn in their order. */
export class GapFinder {
  #last: TurnMoment | null = null;
  /** Of the turns before: from each to the next, milliseconds. */
  readonly #distances: number[] = [];

  /** The gap before a turn, or null. */
  add(turn: TurnMoment): TimeGap | null {
    const last = this.#last;
    this.#last = turn;
    if (last === null) return null;
    const distance = turn.observedAt - last.observedAt;
    const interval = turn.intervalMs ?? median(this.#distances);
    this.#distances.push(distance);
    if (this.#distances.length > TURNS_BEFORE) this.#distances.shift();
    const isBackwards = distance < 0;
    if (!isBackwards && !(distance > MOST_INTERVALS * interval)) return null;
    const [from, to] = [last.observedAt, turn.observedAt];
    return { afterTurn: last.turn, beforeTurn: turn.turn, from, to, isBackwards };
  }
}

/** NaN of none; of an even number, the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
