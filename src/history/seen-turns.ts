import type { Universe } from '../domain/asset.js';
import { indexAt, numberAt } from '../domain/cells.js';
import { NOWHERE } from '../domain/series/buckets.js';
import type { TurnColumns } from '../domain/series/frame-columns.js';

/** Neighbouring turns in one point of an answer, of one universe, that see the same window. */
export interface SeenRun {
  /** The point. */
  readonly place: number;
  readonly window: number;
  /** Null where these turns cannot be read. */
  readonly universe: Universe | null;
  readonly firstTurn: number;
  readonly lastTurn: number;
  /** How many turns they are. */
  readonly count: number;
}

/** The turns of an answer, and which window each of them sees, in little memory. */
export class SeenTurns {
  readonly #places: number[] = [];
  readonly #windows: number[] = [];
  readonly #universes: (Universe | null)[] = [];
  readonly #firstTurns: number[] = [];
  readonly #lastTurns: number[] = [];
  readonly #counts: number[] = [];

  /** How many runs there are. */
  get length(): number {
    return this.#places.length;
  }

  /**
   * Adds some turns, which come in order over all calls.
   * @param places by index: the point that the turn is in; those that are in none are passed over
   * @param windows by index: which window it sees
   */
  add(
    { turns, universes }: Pick<TurnColumns, 'turns' | 'universes'>,
    places: Int32Array,
    windows: Int32Array,
  ): void {
    for (let index = 0; index < places.length; index++) {
      const place = indexAt(places, index);
      if (place === NOWHERE) continue;
      const window = indexAt(windows, index);
      const universe = universes[index] as Universe | null;
      const turn = numberAt(turns, index);
      const last = this.length - 1;
      const goesOn =
        this.#places[last] === place &&
        this.#windows[last] === window &&
        this.#universes[last] === universe;
      if (goesOn) {
        this.#lastTurns[last] = turn;
        (this.#counts[last] as number)++;
        continue;
      }
      this.#places.push(place);
      this.#windows.push(window);
      this.#universes.push(universe);
      this.#firstTurns.push(turn);
      this.#lastTurns.push(turn);
      this.#counts.push(1);
    }
  }

  run(at: number): SeenRun {
    return {
      place: this.#places[at] as number,
      window: this.#windows[at] as number,
      universe: this.#universes[at] as Universe | null,
      firstTurn: this.#firstTurns[at] as number,
      lastTurn: this.#lastTurns[at] as number,
      count: this.#counts[at] as number,
    };
  }
}
