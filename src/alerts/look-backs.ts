import { LookBack } from '../domain/alerts/look-back.js';
import type { Line } from '../domain/series/line.js';
import type { Pace } from '../scheduling/slices.js';
import type { LookedBack, TurnPlan } from './judged-rules.js';

/** Some consecutive turns: when they were observed, and what lines had at each; NaN for no value. */
export interface EarlierTurns {
  readonly observedAt: Float64Array;
  /** By place of the line; null for one that comes by itself. */
  readonly values: readonly (Float64Array | null)[];
}

/** Where lines are read that are looked back on. */
export interface EarlierValues {
  /**
   * Lines at the stored turns before one, each line in order, from the first on that was observed at a moment
   * or later.
   */
  read(
    lines: readonly Line[],
    since: number,
    beforeTurn: number,
    pace: Pace,
  ): AsyncIterable<EarlierTurns>;
}

/** The moment that is judged. */
interface Moment {
  readonly turn: number;
  /** Milliseconds since 1970. */
  readonly observedAt: number;
}

/** What lines were, for the rules that look back: read once, and from then on kept turn by turn. */
export class LookBacks {
  readonly #source: EarlierValues;
  #backs = new Map<string, LookBack>();
  /** What is kept is of this plan, and of it alone. */
  #plan: TurnPlan | null = null;

  constructor(source: EarlierValues) {
    this.#source = source;
  }

  /** Forgets all: turns were passed over, or there are none before the next one. */
  clear(): void {
    this.#backs.clear();
  }

  /** Reads what is not known yet; forgets what nobody looks back on any more. */
  async prepare(plan: TurnPlan, { turn, observedAt }: Moment, pace: Pace): Promise<void> {
    const { lookedBack } = plan;
    if (plan !== this.#plan) {
      this.#plan = plan;
      const keys = new Set(lookedBack.map(({ key }) => key));
      for (const key of [...this.#backs.keys()]) if (!keys.has(key)) this.#backs.delete(key);
    }
    const missing = lookedBack.filter(({ key }) => !this.#backs.get(key)?.canTell(observedAt));
    if (missing.length === 0) return;
    const lines = [...new Set(missing.map(({ line }) => line))];
    const since = Math.min(...missing.map(({ within }) => LookBack.sinceFor(within, observedAt)));
    const backs = missing.map(({ line, within }) => ({
      place: lines.indexOf(line),
      back: new LookBack(within, LookBack.sinceFor(within, observedAt)),
    }));
    const asked = lines.map((line) => plan.lines[line] as Line);
    for await (const turns of this.#source.read(asked, since, turn, pace)) {
      for (const { place, back } of backs) {
        const values = turns.values[place] ?? null;
        if (values !== null) addAll(back, turns.observedAt, values);
        if (pace.isSpent) await pace.next();
      }
    }
    missing.forEach(({ key }, at) => this.#backs.set(key, (backs[at] as { back: LookBack }).back));
  }

  /** What each of the plan's lines was then; NaN where there is nothing to look back to. */
  earlier({ lookedBack }: TurnPlan, observedAt: number): number[] {
    return lookedBack.map(({ key }) => this.#back(key).markAt(observedAt));
  }

  /** @param values of the lines of the plan, by place */
  add({ lookedBack }: TurnPlan, observedAt: number, values: ArrayLike<number | null>): void {
    for (const { key, line } of lookedBack) this.#back(key).add(observedAt, values[line] ?? NaN);
  }

  #back(key: LookedBack['key']): LookBack {
    return this.#backs.get(key) as LookBack;
  }
}

function addAll(back: LookBack, observedAt: Float64Array, values: Float64Array): void {
  observedAt.forEach((at, index) => back.add(at, values[index] as number));
}
