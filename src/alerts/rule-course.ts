import { Judgement, begun } from '../domain/alerts/judgement.js';
import { stateOfNext } from '../domain/alerts/rule.js';
import type { KeptState } from './judgement-store.js';
import type { StoredVersion } from './rule-store.js';

/** One rule on its way through the turns, from version to version. */
export class RuleCourse {
  readonly rule: string;
  #versions: readonly StoredVersion[];
  /** The place of the version that is in force; -1 before the first. */
  #place = -1;
  #judgement: Judgement | null = null;
  /** As it was last written down. */
  #kept: KeptState | null;

  /** @param kept what the rule had come to where it goes on */
  constructor(versions: readonly StoredVersion[], kept: KeptState | null) {
    this.rule = versions[0]?.rule ?? '';
    this.#versions = versions;
    this.#kept = kept;
    const place = versions.findIndex(({ version }) => version === kept?.version);
    const version = versions[place];
    if (!kept || !version) return;
    this.#place = place;
    this.#judgement = new Judgement(version, { ...kept, turn: version.afterTurn });
  }

  /** Makes later versions known. */
  extend(versions: readonly StoredVersion[]): void {
    this.#versions = versions;
  }

  /** The version that is judged; null where there is none. */
  get judged(): StoredVersion | null {
    const version = this.#versions[this.#place];
    return version?.isEnabled ? version : null;
  }

  /** The first turn after one at which it is, or may come to be, judged. */
  nextAfter(turn: number): number {
    const ahead = this.#versions.slice(Math.max(0, this.#place));
    const firsts = ahead.map(({ isEnabled, afterTurn }, at) => {
      const end = ahead[at + 1]?.afterTurn ?? Infinity;
      const first = Math.max(turn, afterTurn) + 1;
      return isEnabled && first <= end ? first : Infinity;
    });
    return Math.min(Infinity, ...firsts);
  }

  /** Brings the version in force that counts for a turn. @returns whether it is another than before */
  enter(turn: number): boolean {
    const before = this.#place;
    for (;;) {
      const next = this.#versions[this.#place + 1];
      if (!next || next.afterTurn >= turn) return this.#place !== before;
      const last = this.#versions[this.#place];
      const state =
        last && this.#judgement
          ? stateOfNext(last, this.#judgement.state, next)
          : begun(next.afterTurn);
      this.#judgement = new Judgement(next, state);
      this.#place++;
    }
  }

  /** Whether it fires: see {@link Judgement.take}. */
  take(turn: number, observedAt: number, value: number, earlier: number): boolean {
    return this.#judgement?.take(turn, observedAt, value, earlier) ?? false;
  }

  /** What it has come to; null where it has not begun. */
  get state(): KeptState | null {
    const version = this.#versions[this.#place];
    if (!version || !this.#judgement) return null;
    const { isTrue, side, firedAt } = this.#judgement.state;
    return { rule: this.rule, version: version.version, isTrue, side, firedAt };
  }

  /** What it has come to, where that is something else than was written down; from now on it is. */
  write(): KeptState | null {
    const written = this.#kept ?? BEGINNING;
    const version = this.#versions[this.#place]?.version;
    const isOfVersion = this.#kept === null || this.#kept.version === version;
    if (isOfVersion && this.#judgement?.isAt(written) !== false) return null;
    return (this.#kept = this.state);
  }
}

/** What a rule begins with need not be written down. */
const BEGINNING = { isTrue: false, side: 0, firedAt: null } as const;
