import { firstPace, type Pace } from '../scheduling/slices.js';
import type { CycleAge, CycleAges, CycleTimes } from './cycle-store.js';
import type { ManifestEntry } from './blocks/manifest.js';
import type { OnlyCopies } from './blocks/only-copies.js';
import { isReadable } from './stored-cycle.js';
import type { TurnDocument, TurnDocuments } from './turn-documents.js';

/** How many turns of a block are given at a time. */
const AT_ONCE = 128;

/**
 * The stored turns wherever they stand, each once: in documents, and where those were removed in blocks.
 * Documents are asked first, then which blocks are the only copies: a document that was removed just then
 * is in one of them.
 */
export class StoredTurns implements TurnDocuments {
  readonly #documents: TurnDocuments;
  readonly #copies: OnlyCopies;

  constructor(documents: TurnDocuments, copies: OnlyCopies) {
    this.#documents = documents;
    this.#copies = copies;
  }

  async *documents(
    first: number,
    last: number,
    pace: Pace = firstPace(),
  ): AsyncGenerator<TurnDocument> {
    for (let next = first; next <= last;) {
      const [entry] = await this.#copies.within(next, last);
      const end = entry ? Math.max(next, entry.firstTurn) - 1 : last;
      let isOvertaken = false;
      for await (const document of this.#documents.documents(next, end, pace)) {
        // Those before it may have been removed since.
        const { turn } = document.cycle;
        isOvertaken = turn > next && (await this.#copies.within(next, turn - 1)).length > 0;
        if (isOvertaken) break;
        yield document;
        next = turn + 1;
      }
      if (isOvertaken || (next <= end && (await this.#copies.within(next, end)).length > 0))
        continue;
      if (!entry) return;
      next = end + 1;
      for await (const document of this.#ofBlock(entry, next, last, pace)) {
        yield document;
        next = document.cycle.turn + 1;
      }
      // It may have become documents again meanwhile.
      const [same] = await this.#copies.within(next, last);
      if (same?.name === entry.name || next > entry.lastTurn) next = entry.lastTurn + 1;
    }
  }

  async *#ofBlock(
    entry: ManifestEntry,
    first: number,
    last: number,
    pace: Pace,
  ): AsyncGenerator<TurnDocument> {
    const { turns } = await this.#copies.times(entry, first, last);
    for (let at = 0; at < turns.length; at += AT_ONCE) {
      const asked = turns.subarray(at, at + AT_ONCE);
      const cycles = await this.#copies.cycles(entry, asked, pace);
      if (cycles.length < asked.length) return;
      for (const cycle of cycles) {
        const observedAt = isReadable(cycle) ? cycle.frame.observedAt : NaN;
        yield { cycle, id: this.#copies.idOf(cycle) ?? '', observedAt, bytes: 0 };
      }
    }
  }

  async oldest(): Promise<number | null> {
    const oldest = await this.#documents.oldest();
    for (const entry of await this.#copies.within(1, (oldest ?? Infinity) - 1)) {
      const [turn] = (await this.#copies.times(entry)).turns;
      if (turn !== undefined) return Math.min(turn, oldest ?? Infinity);
    }
    return oldest;
  }

  async newest(before: number): Promise<number | null> {
    const newest = await this.#documents.newest(before);
    const entries = await this.#copies.within((newest ?? 0) + 1, before - 1);
    for (const entry of entries.toReversed()) {
      const turn = (await this.#copies.times(entry, 1, before - 1)).turns.at(-1);
      if (turn !== undefined) return Math.max(turn, newest ?? 0);
    }
    return newest;
  }

  async count(first: number, last: number): Promise<number> {
    let count = await this.#documents.count(first, last);
    const entries = await this.#copies.within(first, last);
    // What is left of documents stands in the blocks, too.
    for (const { from, to } of runsOf(entries)) {
      count -= await this.#documents.count(Math.max(from, first), Math.min(to, last));
    }
    for (const entry of entries) count += await this.#copies.count(entry, first, last);
    return count;
  }

  async idsWithin(first: number, last: number): Promise<ReadonlyMap<number, string>> {
    const found = new Map(await this.#documents.idsWithin(first, last));
    for (const entry of await this.#copies.within(first, last)) {
      for (const [turn, id] of await this.#copies.ids(entry)) {
        if (turn >= first && turn <= last) found.set(turn, id);
      }
    }
    return found;
  }
}

/** Blocks that follow each other, as turns from one to another. */
function runsOf(entries: readonly ManifestEntry[]): { from: number; to: number }[] {
  const runs: { from: number; to: number; block: number }[] = [];
  for (const { block, firstTurn, lastTurn } of entries) {
    const run = runs.at(-1);
    if (run && run.block + 1 === block) Object.assign(run, { block, to: lastTurn });
    else runs.push({ from: firstTurn, to: lastTurn, block });
  }
  return runs;
}

/** When the stored turns are of, wherever they stand. */
export class StoredAges implements CycleAges, CycleTimes {
  readonly #documents: CycleAges & CycleTimes;
  readonly #copies: OnlyCopies;

  constructor(documents: CycleAges & CycleTimes, copies: OnlyCopies) {
    this.#documents = documents;
    this.#copies = copies;
  }

  async agesFrom(turn: number, limit: number): Promise<CycleAge[]> {
    const found = await this.#documents.agesFrom(turn, limit);
    const last = found.length < limit ? Infinity : (found.at(-1)?.turn ?? Infinity);
    const others: CycleAge[] = [];
    const there = new Set(found.map((age) => age.turn));
    for (const entry of await this.#copies.within(turn, last)) {
      if (others.length >= limit) break;
      const ages = await this.#copies.ages(entry);
      const { turns } = await this.#copies.times(entry, turn, last);
      const asked = new Set(turns);
      others.push(...ages.filter((age) => asked.has(age.turn) && !there.has(age.turn)));
    }
    if (others.length === 0) return found;
    return [...found, ...others].sort((a, b) => a.turn - b.turn).slice(0, limit);
  }

  databaseTime(): Promise<number> {
    return this.#documents.databaseTime();
  }

  async observedWithin(firstTurn: number, lastTurn: number) {
    let found = await this.#documents.observedWithin(firstTurn, lastTurn);
    for (const entry of await this.#copies.within(firstTurn, lastTurn)) {
      const isWhole = entry.firstTurn >= firstTurn && entry.lastTurn <= lastTurn;
      const times = isWhole
        ? [entry.earliest ?? NaN, entry.latest ?? NaN]
        : (await this.#copies.times(entry, firstTurn, lastTurn)).observedAt;
      for (const time of times) {
        if (Number.isNaN(time)) continue;
        found = {
          first: Math.min(found?.first ?? time, time),
          last: Math.max(found?.last ?? time, time),
        };
      }
    }
    return found;
  }
}
