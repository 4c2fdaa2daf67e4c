import type { CycleStore } from '../history/cycle-store.js';
import { isReadable } from '../history/stored-cycle.js';
import type { Pace } from '../scheduling/slices.js';
import { frameBatch, type FrameOrigin } from './frame-columns.js';
import type { Rows } from './line-rows.js';

/** How many cycles are read at a time. */
const PAGE = 64;

/** The turns of whose cycles nothing can be read, and which are left out therefore. */
export interface LeftOut {
  turns: number[];
}

/** A row for each stored cycle from a turn to another, both included. */
export async function* frameRows(
  cycles: Pick<CycleStore, 'range'>,
  origin: FrameOrigin,
  { first, last }: { readonly first: number; readonly last: number },
  leftOut: LeftOut,
  pace: Pace,
): AsyncGenerator<Rows> {
  for (let next = first; next <= last;) {
    const page = await cycles.range({
      ...{ afterTurn: next - 1, beforeTurn: last + 1, limit: PAGE },
      ...{ order: 'OLDEST_FIRST', pace },
    });
    const end = page.at(-1);
    if (!end) return;
    leftOut.turns.push(...page.filter((each) => !isReadable(each)).map(({ turn }) => turn));
    yield { batch: frameBatch(page.filter(isReadable), origin), turn: end.turn };
    next = end.turn + 1;
    if (pace.isSpent) await pace.next();
  }
}
