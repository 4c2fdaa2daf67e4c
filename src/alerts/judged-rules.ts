import { withinOf } from '../domain/alerts/condition.js';
import type { Line } from '../domain/series/line.js';
import type { Firing } from './firing-store.js';
import type { KeptState } from './judgement-store.js';
import { RuleCourse } from './rule-course.js';
import type { StoredVersion } from './rule-store.js';

/** A line that is looked back on, and how far. */
export interface LookedBack {
  readonly key: string;
  /** The place of the line among those of the turn. */
  readonly line: number;
  readonly within: number;
}

/** A rule that is judged, and the places of what it is judged by. */
interface Watch {
  readonly course: RuleCourse;
  readonly version: StoredVersion;
  readonly line: number;
  /** -1: it does not look back. */
  readonly lookedBack: number;
}

/** What is needed of a turn: each line once, whichever rules watch it. */
export interface TurnPlan {
  readonly lines: readonly Line[];
  readonly lookedBack: readonly LookedBack[];
  readonly watches: readonly Watch[];
}

/** What a turn is judged by. */
export interface TurnValues {
  readonly turn: number;
  readonly observedAt: number;
  /** By place of the line; null where it has no value. */
  readonly values: ArrayLike<number | null>;
  /** By place of what is looked back on: the value there; NaN where there is none. */
  readonly earlier: ArrayLike<number>;
}

/** What came of a turn. */
export interface TurnOutcome {
  /** In their order. */
  readonly firings: readonly Firing[];
  /** Of the rules that have come to something else than was written down. */
  readonly states: readonly KeptState[];
}

/** All rules on their way through the turns. */
export class JudgedRules {
  readonly #courses = new Map<string, RuleCourse>();
  readonly #kept: ReadonlyMap<string, KeptState>;
  #plan: TurnPlan | null = null;

  /** @param kept what each rule has come to, by its id */
  constructor(kept: ReadonlyMap<string, KeptState>) {
    this.#kept = kept;
  }

  /** Makes known what versions there are. */
  know(rules: Iterable<readonly StoredVersion[]>): void {
    for (const versions of rules) {
      const rule = versions[0]?.rule;
      if (rule === undefined) continue;
      const course = this.#courses.get(rule);
      if (course) course.extend(versions);
      else this.#courses.set(rule, new RuleCourse(versions, this.#kept.get(rule) ?? null));
    }
    this.#plan = null;
  }

  /** The first turn after one at which any rule is to be judged; infinite where none ever is. */
  nextAfter(turn: number): number {
    let next = Infinity;
    for (const course of this.#courses.values()) {
      if (next === turn + 1) break;
      next = Math.min(next, course.nextAfter(turn));
    }
    return next;
  }

  /** What is needed to judge a turn. */
  planFor(turn: number): TurnPlan {
    let isOther = this.#plan === null;
    for (const course of this.#courses.values()) if (course.enter(turn)) isOther = true;
    if (isOther || !this.#plan) this.#plan = planOf(this.#courses.values());
    return this.#plan;
  }

  judge({ watches }: TurnPlan, { turn, observedAt, values, earlier }: TurnValues): TurnOutcome {
    const firings: Firing[] = [];
    const states: KeptState[] = [];
    for (const { course, version, line, lookedBack } of watches) {
      const value = values[line] ?? NaN;
      const hasFired = course.take(turn, observedAt, value, earlier[lookedBack] ?? NaN);
      if (hasFired)
        firings.push({ rule: course.rule, version: version.version, turn, observedAt, value });
      const state = course.write();
      if (state) states.push(state);
    }
    return { firings, states };
  }

  /** What all rules that are judged have come to: what is off, or deleted, begins anew if ever. */
  get states(): KeptState[] {
    const judged = [...this.#courses.values()].filter((course) => course.judged !== null);
    return judged.map(({ state }) => state).filter((state) => state !== null);
  }
}

function planOf(courses: Iterable<RuleCourse>): TurnPlan {
  const lines = new Places<Line>();
  const lookedBack = new Places<LookedBack>();
  const watches: Watch[] = [];
  for (const course of courses) {
    const version = course.judged;
    if (!version) continue;
    const key = JSON.stringify(version.line);
    const line = lines.placeOf(key, () => version.line);
    const within = withinOf(version.condition);
    const backKey = `${within} ${key}`;
    const back =
      within === null ? -1 : lookedBack.placeOf(backKey, () => ({ key: backKey, line, within }));
    watches.push({ course, version, line, lookedBack: back });
  }
  watches.sort((a, b) => (a.course.rule < b.course.rule ? -1 : 1));
  return { lines: lines.items, lookedBack: lookedBack.items, watches };
}

/** Things that are the same where their keys are, each with its place. */
class Places<T> {
  readonly items: T[] = [];
  readonly #places = new Map<string, number>();

  placeOf(key: string, make: () => T): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.items.length);
    this.items.push(make());
    return this.items.length - 1;
  }
}
