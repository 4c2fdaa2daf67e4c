import type { Damage } from '../history/damage.js';
import { nameSome } from '../name-some.js';
import { unlessAway } from '../history/database-unavailable.js';
import { type TurnControl } from '../feeds/control-store.js';
import { PATIENCE_MS } from './availability.js';
import { CONFIG_COLLECTION, configOf, TurnsDocument } from './config.model.js';
import type { Database } from './connect.js';
import { LAST_TURN, turnOf } from './cycle-reading.js';
import { findRaw, parsedAnyhow } from './raw-documents.js';

/** What is recorded of the turns, beside the cycles themselves. */
export type TurnMarks = Omit<TurnControl, 'strategy'>;
type Name = keyof TurnMarks;

const UNSET: TurnMarks = { purgedThrough: 0, cacheResets: 0, visibleFrom: 1, droppedThrough: 0 };
const NAMES = Object.keys(UNSET) as Name[];
/** So many turns after the newest stored one were surely never used. */
const NEVER_USED = 100_000;
/** No mark is so far ahead of the newest stored turn. */
const TOO_FAR = 1_000_000;

/** How many documents are looked at, at either end, for such as do not say their turn. */
const AT_AN_END = 20;

/** Nothing tells which turns were used: any number might be one that was pushed before. */
class TurnsUnknownError extends Error {
  override readonly name = 'TurnsUnknownError';
}

/**
 * The marks in the document `turns` of the collection `config`. One that cannot be understood is
 * replaced by what this process knew, else by what is safe in view of the stored cycles: no turn is
 * used twice.
 */
export class MongoTurnMarks {
  readonly #database: Database;
  readonly #damage: Damage;
  /** As they were last understood. */
  #known: TurnMarks | null = null;

  constructor(database: Database, damage: Damage) {
    this.#database = database;
    this.#damage = damage;
  }

  /** @throws {TurnsUnknownError} */
  async read(): Promise<TurnMarks> {
    const database = this.#database;
    const [bytes] = await database.run(
      () => findRaw(database, CONFIG_COLLECTION, { _id: 'turns' as never }),
      PATIENCE_MS,
    );
    const stored = bytes ? parsedAnyhow(bytes) : {};
    const marks = { ...UNSET };
    for (const name of NAMES) if (stored[name] !== undefined) marks[name] = stored[name] as number;
    const { visibleFrom, purgedThrough, droppedThrough } = this.#known ?? {};
    const isAsBefore =
      marks.visibleFrom === visibleFrom &&
      marks.purgedThrough === purgedThrough &&
      marks.droppedThrough === droppedThrough;
    if (!isAsBefore || !isMark(marks.cacheResets)) return this.#examined(marks);
    return (this.#known = marks);
  }

  /** Raises marks; they never fall. What is there and is no mark counts as none. */
  async raise(marks: Partial<TurnMarks>): Promise<void> {
    const raised = Object.entries(marks).map(([name, turn]) => [
      name,
      { $max: [turn, markOr(name, 0)] },
    ]);
    await this.#set(Object.fromEntries(raised) as object);
  }

  /** One more where an answer was lost: only that it differs counts. */
  async countCacheReset(): Promise<void> {
    await this.#set({ cacheResets: { $add: [markOr('cacheResets', 0), 1] } });
  }

  /** Compares the marks with the stored cycles, and replaces those that cannot be right. */
  async #examined(marks: TurnMarks): Promise<TurnMarks> {
    const latest = await this.#newestStored();
    const most = latest === null ? LAST_TURN - TOO_FAR : latest + TOO_FAR;
    const safe = { ...marks };
    const wrong = NAMES.filter((name) => !isMark(marks[name], most));
    if (wrong.includes('purgedThrough')) safe.purgedThrough = this.#purgedBefore(latest);
    if (wrong.includes('droppedThrough')) {
      const used = Math.max(latest ?? 0, safe.purgedThrough);
      safe.droppedThrough = this.#known?.droppedThrough ?? used + NEVER_USED;
    }
    if (wrong.includes('cacheResets')) safe.cacheResets = this.#known?.cacheResets ?? 0;
    const used = Math.max(latest ?? 0, safe.purgedThrough, safe.droppedThrough);
    // Cycles before this one are not shown: were it past all of them, the turns would begin anew.
    const isPast = safe.visibleFrom > (latest ?? used + 1);
    if (isPast && !wrong.includes('visibleFrom')) wrong.push('visibleFrom');
    if (wrong.includes('visibleFrom')) {
      const known = this.#known?.visibleFrom ?? 1;
      safe.visibleFrom = known > (latest ?? used + 1) ? 1 : known;
    }
    const unnamed = this.#known ? 0 : await this.#usedUnnamed(used);
    if (unnamed > used) {
      safe.droppedThrough = unnamed;
      if (!wrong.includes('droppedThrough')) wrong.push('droppedThrough');
    }
    this.#known = safe;
    if (wrong.length > 0) await this.#replace(wrong, safe);
    return safe;
  }

  /** While cycles are stored, the newest one keeps every number up to its own. */
  #purgedBefore(latest: number | null): number {
    if (this.#known) return this.#known.purgedThrough;
    if (latest !== null) return 0;
    throw new TurnsUnknownError(
      `purgedThrough of the document turns, in the collection config of the database ${this.#database.connection.name}, ` +
        'cannot be understood, and no cycle is stored: nothing tells which turns were used. ' +
        'Set it to the last turn that was ever pushed, or to more.',
    );
  }

  async #replace(wrong: readonly Name[], safe: TurnMarks): Promise<void> {
    const replaced = wrong.map((name) => `${name}, which is taken to be ${safe[name]}`).join(', ');
    const words = `What is recorded of the turns (turns in the collection config) was damaged: ${replaced}.`;
    this.#damage.report('turns', words);
    const marks = Object.fromEntries(wrong.map((name) => [name, safe[name]]));
    // They are known; what is stored is replaced with the next mark.
    await unlessAway(this.#set(marks), () => undefined);
  }

  /** In one step with whatever else is no mark: a document is written as a whole or refused. */
  async #set(marks: object): Promise<void> {
    const others = NAMES.filter((name) => !(name in marks)).map((name) => [
      name,
      {
        $cond: [{ $eq: [{ $type: `$${name}` }, 'missing'] }, '$$REMOVE', markOr(name, '$$REMOVE')],
      },
    ]);
    const set = { ...(Object.fromEntries(others) as object), ...marks };
    const marked = configOf(this.#database, TurnsDocument);
    await this.#database.write(() =>
      marked.updateOne({ _id: 'turns' }, [{ $set: set }], { upsert: true }),
    );
  }

  /**
   * The highest turn that was used by a document which does not say its turn any more, by the one
   * that it was built upon. Such documents stand at the ends of the order of turns.
   */
  async #usedUnnamed(used: number): Promise<number> {
    const projection = { turn: 1, previousTurn: 1 };
    const ends = ([1, -1] as const).map((turn) =>
      this.#database.run(() =>
        findRaw(
          this.#database,
          'cycle_matrices',
          {},
          { projection, sort: { turn }, limit: AT_AN_END, hint: { turn: 1 } },
        ),
      ),
    );
    const unnamed = (await Promise.all(ends))
      .flat()
      .map(parsedAnyhow)
      .filter((document) => turnOf(document) === null);
    if (unnamed.length === 0) return 0;
    const ids = nameSome([...new Set(unnamed.map(({ _id }) => String(_id)))]);
    this.#damage.report('unnamed', `Of the stored cycles, some do not say their turn: _id ${ids}.`);
    const turns = unnamed.map(({ previousTurn }) => turnOf({ turn: previousTurn as unknown }) ?? 0);
    return Math.max(0, ...turns.map((turn) => (turn <= used ? turn + 1 : 0)));
  }

  async #newestStored(): Promise<number | null> {
    const options = { projection: { _id: 0, turn: 1 }, sort: { turn: -1 as const }, limit: 1 };
    const [bytes] = await this.#database.run(() =>
      findRaw(
        this.#database,
        'cycle_matrices',
        { turn: { $gte: 1, $lte: LAST_TURN } },
        { ...options, hint: { turn: 1 } },
      ),
    );
    return bytes ? Math.floor(parsedAnyhow(bytes)['turn'] as number) : null;
  }
}

function isMark(value: unknown, most = LAST_TURN): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

/** A stored mark, as the database sees it, or what stands for one that is none. */
function markOr(name: string, otherwise: unknown) {
  const value = `$${name}`;
  const isWhole = {
    $and: [{ $eq: [value, { $trunc: value }] }, { $gte: [value, 0] }, { $lte: [value, LAST_TURN] }],
  };
  // Nothing else can be truncated.
  const isNumber = { $in: [{ $type: value }, ['int', 'long', 'double']] };
  return { $cond: [{ $cond: [isNumber, isWhole, false] }, value, otherwise] };
}
