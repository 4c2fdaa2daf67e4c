import type { StretchTurns } from './kept-stretches.js';
import type { LinePart } from './line-sum.js';

/** A stretch of which something is kept. */
export interface FoundStretch {
  readonly turns: StretchTurns;
  /** By line; null where it is to be read. */
  readonly parts: readonly (LinePart | null)[];
}

/** Turns that are read for some lines, and taken from what is kept for all others. */
export interface Segment {
  readonly first: number;
  readonly last: number;
  /** The lines to be read, by place; none where all is kept. */
  readonly missing: readonly number[];
  /** In the order of turns, from the first turn to the last; none where nothing is kept. */
  readonly found: readonly FoundStretch[];
}

/**
 * Turns in parts, in order: as few of them as can be, so that what is read together is read at once.
 * @param found in any order, each within the turns, no two with a turn between those of the other
 * @param lines how many there are
 */
export function segmentsOf(
  { first, last }: { readonly first: number; readonly last: number },
  found: readonly FoundStretch[],
  lines: number,
): readonly Segment[] {
  const all = Array.from({ length: lines }, (_, place) => place);
  const segments: Segment[] = [];
  let next = first;
  for (const stretch of [...found].sort((a, b) => a.turns.firstTurn - b.turns.firstTurn)) {
    const { firstTurn, through } = stretch.turns;
    if (firstTurn > next)
      segments.push({ first: next, last: firstTurn - 1, missing: all, found: [] });
    const missing = all.filter((place) => stretch.parts[place] === null);
    next = Math.min(through, last) + 1;
    const before = segments.at(-1);
    if (before && before.found.length > 0 && isSame(before.missing, missing)) {
      segments.splice(-1, 1, { ...before, last: next - 1, found: [...before.found, stretch] });
    } else segments.push({ first: firstTurn, last: next - 1, missing, found: [stretch] });
  }
  if (next <= last) segments.push({ first: next, last, missing: all, found: [] });
  return segments;
}

function isSame(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && some.every((place, at) => place === others[at]);
}
