import type { CycleStore } from '../history/cycle-store.js';
import type { Firing } from './firing-store.js';
import type { JudgedCycle, JudgedTurn, JudgementStore, KeptState } from './judgement-store.js';

/** After so many turns without a change one is written all the same: from there it goes on after a stop. */
const WRITTEN_EVERY = 64;
/** After so many turns one is written with what all rules have come to. */
const WHOLE_EVERY = 1_024;

/** What is known of the stored cycles. */
export interface StoredExtent {
  readonly oldest: number;
  readonly latest: number;
  /** Turns up to this one are gone, and nothing is in their place. */
  readonly purgedThrough: number;
}

/** Where judging goes on. */
export interface JudgedPlace {
  /** The last turn that was judged and written down; 0 where none was. */
  readonly turn: number;
  readonly states: ReadonlyMap<string, KeptState>;
  /** Firings of which it is not sure that they were passed on. */
  readonly unconfirmed: readonly Firing[];
  /** What came of turns after it that are not stored so, or cannot be read. */
  readonly gone: readonly JudgedCycle[];
  /** Whether turns after it had been judged that are not stored so. */
  readonly wasTakenBack: boolean;
  /** What came of turns before it that are not stored so: of whoever judged them, and did not know. */
  readonly strays: readonly JudgedTurn[];
}

interface JudgedTurnsOptions {
  readonly store: JudgementStore;
  readonly cycles: Pick<CycleStore, 'ids'>;
  /** Names who judges; no two are the same. */
  readonly writer: string;
}

/** What came of a turn, to be written down. */
export interface TurnResult {
  readonly turn: number;
  readonly cycle: string;
  readonly firings: readonly Firing[];
  readonly states: readonly KeptState[];
}

/** What was judged, as it is written down: enough to go on after any turn of about the last thousand. */
export class JudgedTurns {
  readonly #options: JudgedTurnsOptions;
  #written = 0;
  #confirmedThrough = 0;
  /** The turn of the last firings that were written, and through which turn what is written says so. */
  #lastFired = 0;
  #writtenConfirmed = 0;
  /** The last turns that were written whole. */
  #wholes: number[] = [];

  constructor(options: JudgedTurnsOptions) {
    this.#options = options;
  }

  /** Reads where to go on. */
  async begin(extent: StoredExtent): Promise<JudgedPlace> {
    const { turns: all, rest } = await this.#options.store.all();
    const { standing, strays, gone } = await this.#sorted(all, extent);
    const last = standing.at(-1);
    const wasTakenBack = gone.length > 0;
    const turn = last?.turn ?? Math.min(extent.latest, (all[0]?.turn ?? 1) - 1);
    this.#written = last?.turn ?? 0;
    this.#confirmedThrough = last?.confirmedThrough ?? 0;
    this.#writtenConfirmed = this.#confirmedThrough;
    this.#lastFired = standing.findLast(({ firings }) => firings.length > 0)?.turn ?? 0;
    this.#wholes = standing.filter(({ isWhole }) => isWhole).map((each) => each.turn);
    const states = new Map<string, KeptState>();
    for (const each of standing) for (const state of each.states) states.set(state.rule, state);
    const unconfirmed = standing
      .filter((each) => each.turn > this.#confirmedThrough)
      .flatMap(({ firings }) => firings);
    return {
      ...{ turn: last || wasTakenBack ? turn : 0, states, unconfirmed },
      ...{ gone: [...gone, ...rest], wasTakenBack, strays },
    };
  }

  /** Removes what is not stored so any more, or cannot be read; its firings are to be removed before. */
  remove({ strays, gone }: JudgedPlace): Promise<void> {
    return this.#options.store.remove([...strays, ...gone]);
  }

  /**
   * What came of cycles that are stored, or were until they were removed, is what stands, up to the last one
   * of which that is so.
   */
  async #sorted(
    all: readonly JudgedTurn[],
    { oldest, latest, purgedThrough }: StoredExtent,
  ): Promise<Record<'standing' | 'strays' | 'gone', readonly JudgedTurn[]>> {
    const ids = await this.#options.cycles.ids(all.map(({ turn }) => turn));
    const stands = ({ turn, cycle }: JudgedTurn): boolean => {
      const stored = ids.get(turn);
      // One that is missing between others was damaged.
      const isGone = turn <= purgedThrough || turn < oldest || turn < latest;
      return stored === undefined ? isGone : stored === cycle;
    };
    const count = all.findLastIndex(stands) + 1;
    const standing = all.slice(0, count).filter(stands);
    const strays = all.slice(0, count).filter((each) => !stands(each));
    return { standing, strays, gone: all.slice(count) };
  }

  /** What is to be written of a turn; null where it can be told from what was written before. */
  entryOf({ turn, cycle, firings, states }: TurnResult, all: () => KeptState[]): JudgedTurn | null {
    const isWhole = turn - (this.#wholes.at(-1) ?? -Infinity) >= WHOLE_EVERY;
    const isDue = isWhole || turn - this.#written >= WRITTEN_EVERY || this.#isUnsaid;
    if (firings.length + states.length === 0 && !isDue) return null;
    this.#written = turn;
    if (firings.length > 0) this.#lastFired = turn;
    this.#writtenConfirmed = this.#confirmedThrough;
    if (isWhole) this.#wholes.push(turn);
    const confirmedThrough = this.#confirmedThrough;
    return { turn, cycle, firings, isWhole, confirmedThrough, states: isWhole ? all() : states };
  }

  /** Whether firings were passed on, and nothing that is written says so. */
  get #isUnsaid(): boolean {
    return this.#lastFired > this.#writtenConfirmed && this.#lastFired <= this.#confirmedThrough;
  }

  /** @returns how many of them, from the first on, stand now */
  add(entries: readonly JudgedTurn[]): Promise<number> {
    const { store, writer } = this.#options;
    return store.add(entries, writer);
  }

  /** The firings of the turns up to one were passed on: the next one that is written says so. */
  confirm(turn: number): void {
    this.#confirmedThrough = turn;
  }

  /**
   * Removes what lies before the last whole turn but one: about a thousand turns can be taken back.
   * @returns the turn from which on what came of turns is kept; null where nothing was removed
   */
  async tidy(): Promise<number | null> {
    const [oldest, ...others] = this.#wholes.slice(-2);
    if (this.#wholes.length <= 2 || oldest === undefined) return null;
    this.#wholes = [oldest, ...others];
    await this.#options.store.removeBefore(oldest);
    return oldest;
  }
}
