import type { FiringPlace, FiringRange } from '../alerts/firing-store.js';
import { ruleOfId } from './alert-nodes.js';
import type { Services } from './context.js';
import { pageSize } from './cycle-page.js';
import { badUserInput } from './errors.js';
import {
  AlertFiringConnectionType,
  AlertFiringEdgeType,
  AlertFiringType,
} from './types/alert-firing.js';
import { numberOfKey } from './types/node.js';

/** The arguments of a list of firings, as Relay's pagination has them. */
export interface FiringPageArguments {
  readonly alert?: string | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/**
 * Reads a page of firings, newest first; one more than asked for tells whether there is another page.
 * @throws a BAD_USER_INPUT error that names the argument.
 */
export async function readFiringPage(
  args: FiringPageArguments,
  { alerts }: Services,
): Promise<AlertFiringConnectionType> {
  const isBackward = isGiven(args.last);
  if (isBackward && isGiven(args.first)) {
    throw badUserInput('last', 'expected first or last, not both');
  }
  const asked = isBackward ? 'last' : 'first';
  const size = pageSize(args[asked], asked, 'firings');
  const rule = isGiven(args.alert) ? ruleOfId(args.alert) : undefined;
  if (rule === null) throw badUserInput('alert', 'expected the id of an alert');
  // The list goes from the newest to the oldest.
  const [before, after] = [readCursor(args.after, 'after'), readCursor(args.before, 'before')];
  const range: FiringRange = {
    ...(rule !== undefined && { rule }),
    ...(before && { before }),
    ...(after && { after }),
    order: isBackward ? 'OLDEST_FIRST' : 'NEWEST_FIRST',
    limit: size + 1,
  };
  const found = await alerts.firings.range(range);
  const isMore = found.length > size;
  const firings = found.slice(0, size);
  if (isBackward) firings.reverse();
  const edges = firings.map(
    (firing) => new AlertFiringEdgeType(toCursor(firing), new AlertFiringType(firing)),
  );
  return new AlertFiringConnectionType(edges, {
    hasNextPage: isBackward ? isGiven(args.before) : isMore,
    hasPreviousPage: isBackward ? isMore : isGiven(args.after),
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  });
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

function toCursor({ turn, rule }: FiringPlace): string {
  return Buffer.from(`firing:${turn}/${rule}`).toString('base64url');
}

function readCursor(cursor: string | null | undefined, argument: string): FiringPlace | null {
  if (!isGiven(cursor)) return null;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, digits, rule = ''] = /^firing:(\d+)\/([\w-]+)$/.exec(text) ?? [];
  const turn = numberOfKey(digits);
  const place = turn === null ? null : { turn, rule };
  if (place === null || toCursor(place) !== cursor) {
    throw badUserInput(argument, 'expected a cursor that this list gave out');
  }
  return place;
}
