import type { CycleFigures } from '../domain/cycle.js';
import type { Line } from '../domain/series/line.js';
import type { CycleFeed } from '../feeds/cycle-feed.js';
import { HistoryRemovedError } from '../feeds/history-removed.js';
import type { CycleStore } from '../history/cycle-store.js';
import { isReadable, type FollowedTurn } from '../history/stored-cycle.js';
import type { Pace } from '../scheduling/slices.js';
import type { Firing, FiringPlace, FiringStore } from './firing-store.js';
import { JudgedRules } from './judged-rules.js';
import {
  JudgedTurns,
  type JudgedPlace,
  type StoredExtent,
  type TurnResult,
} from './judged-turns.js';
import type { JudgedTurn, JudgementStore } from './judgement-store.js';
import { LookBacks, type EarlierValues } from './look-backs.js';
import type { RuleBook } from './rule-book.js';
import type { RuleStore } from './rule-store.js';
import { VersionCompaction } from './version-compaction.js';

/** How many turns are judged before what came of them is written down. */
const TOGETHER = 64;
/** How many firings are read at a time. */
const PAGE = 1_000;

export interface JudgingOptions {
  readonly feed: Pick<CycleFeed, 'latestTurn' | 'next'>;
  /** Without those that are on disk until the database is back. */
  readonly cycles: Pick<CycleStore, 'ids' | 'idOf'>;
  readonly book: RuleBook;
  readonly rules: Pick<RuleStore, 'beginNoLaterThan' | 'remove'>;
  readonly judgements: JudgementStore;
  readonly firings: Pick<FiringStore, 'add' | 'range' | 'remove' | 'versionsOf'>;
  readonly extent: () => Promise<StoredExtent>;
  /** What lines are at a cycle, by place; null where one has no value. */
  readonly valuesAt: (
    figures: CycleFigures,
    lines: readonly Line[],
    pace: Pace,
  ) => Promise<ArrayLike<number | null>>;
  readonly earlier: EarlierValues;
  /** Is told of firings once they are stored, in order; after a stop of some perhaps again. */
  readonly onFirings: (firings: readonly Firing[]) => Promise<void>;
  /** Names this run of this instance; no two are the same. */
  readonly writer: string;
}

/** The judging of turns, from where it was left; of no use any more once it has thrown. */
export class Judging {
  readonly #options: JudgingOptions;
  readonly #judged: JudgedTurns;
  readonly #rules: JudgedRules;
  readonly #lookBacks: LookBacks;
  readonly #compaction: VersionCompaction;
  readonly #epoch: number;
  /** As the book had it when its rules were last made known. */
  #known = -1;
  #turn: number;

  private constructor(
    options: JudgingOptions,
    { judged, rules, turn }: { judged: JudgedTurns; rules: JudgedRules; turn: number },
  ) {
    this.#options = options;
    this.#judged = judged;
    this.#rules = rules;
    this.#turn = turn;
    this.#epoch = options.book.epoch;
    this.#lookBacks = new LookBacks(options.earlier);
    this.#compaction = new VersionCompaction(options);
  }

  /**
   * Goes on from what is written down. What was judged of turns that are not stored so any more is removed,
   * and firings of which it is not sure are stored and passed on again.
   * @param mayGoOn whether this instance leads
   * @returns null where it leads no more: then what it has read may be of no use any longer
   */
  static async begin(options: JudgingOptions, mayGoOn: () => boolean): Promise<Judging | null> {
    const { feed, cycles, book, rules, firings, onFirings, writer, judgements: store } = options;
    const extent = await options.extent();
    const judged = new JudgedTurns({ store, cycles, writer });
    const place = await judged.begin(extent);
    const { turn, states, unconfirmed } = place;
    const gone = await goneWith(place, firings);
    if (!mayGoOn()) return null;
    // In this order: whoever is stopped in between finds the same again.
    await firings.remove(gone);
    await judged.remove(place);
    const latest = Math.max(extent.latest, extent.purgedThrough, feed.latestTurn);
    if ([...book.rules].flat().some(({ afterTurn }) => afterTurn > latest)) {
      await rules.beginNoLaterThan(latest);
      book.outdate();
      await book.refresh();
    }
    if (unconfirmed.length > 0) {
      await firings.add(unconfirmed);
      await onFirings(unconfirmed);
      judged.confirm(turn);
    }
    return new Judging(options, { judged, rules: new JudgedRules(states), turn });
  }

  /** The last turn that was judged, or passed. */
  get turn(): number {
    return this.#turn;
  }

  /** Whether the rules are still those that it began with, and later ones. */
  get isOfBook(): boolean {
    return this.#epoch === this.#options.book.epoch;
  }

  /** Judges some turns, up to one. @returns what is to be written down */
  async judgeSome(through: number, pace: Pace): Promise<JudgedTurn[]> {
    this.#takeRules();
    const next = this.#rules.nextAfter(this.#turn);
    if (next > this.#turn + 1) {
      this.#lookBacks.clear();
      this.#turn = Math.min(through, next - 1);
    }
    const entries: JudgedTurn[] = [];
    const end = Math.min(through, this.#turn + TOGETHER);
    while (this.#turn < end) {
      if (pace.isSpent) await pace.next();
      const result = await this.#judgeNext(through, pace);
      const entry = result && this.#judged.entryOf(result, () => this.#rules.states);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /**
   * Writes down what came of turns: the document of a turn is the commit of its firings.
   * @param leads whether this instance does
   * @returns false where another instance has judged one of them meanwhile, or leads: it goes on from there
   */
  async commit(entries: readonly JudgedTurn[], leads: () => boolean): Promise<boolean> {
    const { book, firings, onFirings } = this.#options;
    const stored = await this.#judged.add(entries);
    if (!leads()) return false;
    const fired = entries.slice(0, stored).flatMap((entry) => entry.firings);
    if (fired.length > 0) {
      await firings.add(fired);
      await onFirings(fired);
    }
    const last = entries[stored - 1];
    if (last) this.#judged.confirm(last.turn);
    const since = await this.#judged.tidy();
    if (since !== null) await this.#compaction.run(book.rules, since);
    return stored === entries.length;
  }

  #takeRules(): void {
    const { book } = this.#options;
    if (this.#known === book.changes) return;
    this.#known = book.changes;
    this.#rules.know(book.rules);
  }

  /** Judges the next turn that is stored, if any is; moves on past it. */
  async #judgeNext(through: number, pace: Pace): Promise<TurnResult | null> {
    const { cycles, valuesAt } = this.#options;
    const figures = await this.#nextStored(this.#turn);
    this.#turn = Math.min(through, figures?.turn ?? through);
    if (!figures || figures.turn > through || !isReadable(figures)) return null;
    const { cycle, turn } = figures;
    const { observedAt } = cycle.frame;
    // After a purge there is none before.
    if (cycle.previousTurn === null) this.#lookBacks.clear();
    const plan = this.#rules.planFor(turn);
    await this.#lookBacks.prepare(plan, { turn, observedAt }, pace);
    const values = plan.lines.length > 0 ? await valuesAt(figures, plan.lines, pace) : [];
    const earlier = this.#lookBacks.earlier(plan, observedAt);
    const outcome = this.#rules.judge(plan, { turn, observedAt, values, earlier });
    this.#lookBacks.add(plan, observedAt, values);
    return { turn, cycle: cycles.idOf(cycle), ...outcome };
  }

  /** Null where none is. */
  async #nextStored(afterTurn: number): Promise<FollowedTurn | null> {
    const { feed, extent } = this.#options;
    try {
      return await feed.next(afterTurn);
    } catch (error) {
      if (!(error instanceof HistoryRemovedError)) throw error;
      const { oldest } = await extent();
      return oldest > afterTurn + 1 ? feed.next(oldest - 1) : null;
    }
  }
}

/** The firings of turns that were taken back. */
async function goneWith(
  { turn, wasTakenBack, strays }: JudgedPlace,
  firings: Pick<FiringStore, 'range'>,
): Promise<readonly Firing[]> {
  const gone = strays.flatMap((stray) => stray.firings);
  if (!wasTakenBack) return gone;
  const all = { order: 'OLDEST_FIRST', limit: PAGE } as const;
  let after: FiringPlace = { turn: turn + 1, rule: '' };
  for (let more = true; more;) {
    const page = await firings.range({ ...all, after });
    gone.push(...page);
    more = page.length === PAGE;
    after = page.at(-1) ?? after;
  }
  return gone;
}
