import type { ManifestEntry } from './blocks/manifest.js';
import type { OnlyCopies } from './blocks/only-copies.js';
import type { CycleRange, TurnSpan } from './cycle-store.js';

/** Turns from one to another, and of which of them. */
interface Asked extends Pick<CycleRange, 'from' | 'to' | 'order' | 'limit'> {
  readonly first: number;
  readonly last: number;
}

/** Which turns are in blocks that are the only copies. */
export class BlockTurns {
  readonly #copies: OnlyCopies;
  #visibleFrom = 1;

  constructor(copies: OnlyCopies) {
    this.#copies = copies;
  }

  hideBefore(turn: number): void {
    this.#visibleFrom = turn;
  }

  /** Those of a range, in its order, as many as it asks for at most, or a few more. */
  async within({ first, last, from, to, order, limit }: Asked): Promise<number[]> {
    const start = Math.max(first, this.#visibleFrom);
    if (start > last) return [];
    const entries = await this.#copies.within(start, last);
    const found: number[] = [];
    for (const entry of order === 'NEWEST_FIRST' ? entries.toReversed() : entries) {
      if (found.length >= limit) break;
      if (!mayHave(entry, from, to)) continue;
      const { turns, observedAt } = await this.#copies.times(entry, start, last);
      const some = [...turns].filter((_, at) => isWithin(observedAt[at] as number, from, to));
      found.push(...(order === 'NEWEST_FIRST' ? some.reverse() : some));
    }
    return found;
  }

  /** The first and the last one that are shown; null where there is none. */
  async ends(): Promise<TurnSpan | null> {
    const entries = await this.#copies.within(this.#visibleFrom, Number.MAX_SAFE_INTEGER);
    for (const entry of entries) {
      const [oldest] = (await this.#copies.times(entry, this.#visibleFrom)).turns;
      if (oldest !== undefined) return { oldest, latest: entries.at(-1)?.lastTurn ?? oldest };
    }
    return null;
  }
}

function mayHave({ earliest, latest }: ManifestEntry, from = -Infinity, to = Infinity): boolean {
  return (latest ?? Infinity) >= from && (earliest ?? -Infinity) < to;
}

/** A time that is not known may lie anywhere. */
function isWithin(time: number, from = -Infinity, to = Infinity): boolean {
  return Number.isNaN(time) || (time >= from && time < to);
}
