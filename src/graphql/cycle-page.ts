import type { CycleRange } from '../history/cycle-store.js';
import { isReadable } from '../history/stored-cycle.js';
import type { Context } from './context.js';
import { badUserInput, historyGone } from './errors.js';
import { CycleType } from './types/cycle.js';
import { CycleEdgeType, type CyclePage } from './types/connection.js';

/** How many cycles a page has, where nothing is said. */
export const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

/** The arguments of a list of cycles, as Relay's pagination has them. */
export interface CyclePageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/**
 * Reads a page of cycles, newest first; one more than asked for tells whether there is another page.
 * @throws a BAD_USER_INPUT error that names the argument.
 */
export async function readCyclePage(
  args: CyclePageArguments,
  { services, loaders, pace }: Context,
): Promise<CyclePage> {
  const backward = args.last !== null && args.last !== undefined;
  if (backward && args.first !== null && args.first !== undefined) {
    throw badUserInput('last', 'expected first or last, not both');
  }
  const size = backward ? pageSize(args.last, 'last') : pageSize(args.first, 'first');
  const [olderThan, newerThan] = await Promise.all([
    cursorTurn(args.after, 'after'),
    cursorTurn(args.before, 'before'),
  ]);
  const range: CycleRange = {
    // Not one that is just being stored: it may be there already, and yet be lost.
    beforeTurn: olderThan ?? services.feed.latestTurn + 1,
    ...(newerThan !== null && { afterTurn: newerThan }),
    ...(args.from && { from: args.from.getTime() }),
    ...(args.to && { to: args.to.getTime() }),
    order: backward ? 'OLDEST_FIRST' : 'NEWEST_FIRST',
    limit: size + 1,
    pace,
  };
  const found = (await services.cycles.range(range)).map((cycle) => services.feed.figuresOf(cycle));
  // Also the one beyond the page: those at its ends may be derived from it.
  for (const figures of found) loaders.know(figures);
  const more = found.length > size;
  const cycles = backward ? found.slice(0, size).reverse() : found.slice(0, size);
  const edges = cycles.map((figures) => {
    const item = isReadable(figures) ? new CycleType(figures, loaders) : figures;
    return new CycleEdgeType(toCursor(figures.turn), item);
  });
  return {
    edges,
    pageInfo: {
      hasNextPage: backward ? isGiven(args.before) : more,
      hasPreviousPage: backward ? more : isGiven(args.after),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };

  async function cursorTurn(
    cursor: string | null | undefined,
    name: string,
  ): Promise<number | null> {
    if (cursor === null || cursor === undefined) return null;
    const turn = fromCursor(cursor);
    const span = turn === null ? null : await services.feed.span();
    // A turn in between counts as a place, also where its cycle cannot be read, or is lost.
    if (turn === null || span === null || turn > span.latest) {
      throw badUserInput(name, 'expected a cursor that this list gave out');
    }
    if (turn < span.oldest) {
      throw historyGone(`${name}: the cycles around turn ${turn} are no longer kept`, span.oldest);
    }
    return turn;
  }
}

/** A page that begins at a cursor has at least the cursor's own cycle on its other side. */
function isGiven(cursor: string | null | undefined): boolean {
  return cursor !== null && cursor !== undefined;
}

export function pageSize(asked: number | null | undefined, name: string, items = 'cycles'): number {
  const size = asked ?? DEFAULT_PAGE;
  if (size >= 1 && size <= LARGEST_PAGE) return size;
  throw badUserInput(name, `expected 1 to ${LARGEST_PAGE} ${items}, not ${size}`);
}

function toCursor(turn: number): string {
  return Buffer.from(`turn:${turn}`).toString('base64url');
}

function fromCursor(cursor: string): number | null {
  const match = /^turn:([1-9]\d{0,9})$/.exec(Buffer.from(cursor, 'base64url').toString());
  const turn = match ? Number(match[1]) : null;
  return turn !== null && toCursor(turn) === cursor ? turn : null;
}
