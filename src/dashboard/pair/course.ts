import { useEffect, useState } from 'react';
import { useClient, type Client, type CombinedError } from 'urql';
import {
  PairCourseDocument,
  type MatrixKind,
  type PairCourseQuery,
  type PairCourseQueryVariables,
} from '../../generated/operations.js';
import { useLive } from '../api/use-live.js';
import { allowedBy } from './allowed.js';

/** How many turns a course has. */
export const COURSE_TURNS = 100;

/** One turn of a pair. */
export interface CoursePoint {
  readonly turn: number;
  /** Milliseconds since 1970. */
  readonly observedAt: number;
  readonly values: Readonly<Record<MatrixKind, number | null>>;
}

export interface Course {
  /** In order, the newest last. */
  readonly points: readonly CoursePoint[];
  readonly isWaiting: boolean;
  readonly error: CombinedError | undefined;
}

/** Where the next reading goes on. */
interface Position {
  /** The newest turn that was there at the last reading; 0 before the first. */
  readonly turn: number;
  /** The place of the newest turn that was read. */
  readonly cursor: string | null;
}

const START: Position = { turn: 0, cursor: null };

/**
 * The newest turns of a pair, and each new one as it comes. What has come since the last reading is read
 * in one go, from where that ended, so that no turn is left out, however quickly they come.
 */
export function useCourse(base: string, quote: string): Course {
  const client = useClient();
  const { latest } = useLive();
  const newest = latest?.turn ?? 0;
  const name = `${base}/${quote}`;
  const [course, setCourse] = useState<Course & { readonly name: string; readonly at: Position }>({
    name,
    points: [],
    isWaiting: true,
    error: undefined,
    at: START,
  });
  const at = course.name === name ? course.at : START;
  const [isReading, setReading] = useState(false);

  useEffect(() => {
    if (isReading || newest === 0 || at.turn >= newest) return;
    setReading(true);
    void readFrom(client, at, newest, { base, quote }).then(({ points, error, cursor }) => {
      setReading(false);
      setCourse((before) => {
        const old = before.name === name ? before.points : [];
        const position = { turn: newest, cursor: cursor ?? at.cursor };
        return { name, points: joined(old, points), isWaiting: false, error, at: position };
      });
    });
  }, [client, base, quote, name, newest, at, isReading]);

  return course.name === name ? course : { points: [], isWaiting: true, error: undefined };
}

interface Page {
  readonly points: readonly CoursePoint[];
  readonly error: CombinedError | undefined;
  /** The place of its newest turn; null where it has none. */
  readonly cursor: string | null;
}

type Pair = Pick<PairCourseQueryVariables, 'base' | 'quote'>;

/** What has come since a position; all anew where that is long ago, or cannot be gone on from. */
async function readFrom(
  client: Client,
  { turn, cursor }: Position,
  newest: number,
  pair: Pair,
): Promise<Page> {
  const missing = newest - turn;
  if (cursor !== null && missing <= COURSE_TURNS) {
    const page = await read(client, { last: missing, before: cursor, ...pair });
    if (page.cursor !== null) return page;
  }
  return readNewest(client, COURSE_TURNS, pair);
}

async function readNewest(client: Client, first: number, pair: Pair): Promise<Page> {
  const page = await read(client, { first, ...pair });
  const fewer = allowedBy(page.error?.graphQLErrors[0]?.extensions, first);
  return fewer > 0 ? readNewest(client, fewer, pair) : page;
}

async function read(client: Client, variables: PairCourseQueryVariables): Promise<Page> {
  const { data, error } = await client.query(PairCourseDocument, variables);
  // One that cannot be read leaves its place free.
  const cycles = data?.cycles.nodes?.filter((node) => node !== null) ?? [];
  const cursor = data?.cycles.pageInfo.startCursor ?? null;
  return { points: cycles.map(pointOf).toReversed(), error, cursor };
}

type Node = NonNullable<NonNullable<PairCourseQuery['cycles']['nodes']>[number]>;

function pointOf({ turn, observedAt, ...kinds }: Node): CoursePoint {
  const only = (matrix: Node['delta']): number | null => matrix?.values[0]?.[0] ?? null;
  return {
    turn,
    observedAt: Date.parse(observedAt),
    values: {
      ID_BENCHMARK: only(kinds.benchmark),
      ID_DELTA: only(kinds.delta),
      ID_PERCENT: only(kinds.percent),
      ID_PCT: only(kinds.pct),
      QUANTID: only(kinds.quantid),
    },
  };
}

/** Two courses as one: each turn once, in order, the newest of them. */
function joined(
  before: readonly CoursePoint[],
  after: readonly CoursePoint[],
): readonly CoursePoint[] {
  const byTurn = new Map([...before, ...after].map((point) => [point.turn, point]));
  return [...byTurn.values()].sort((a, b) => a.turn - b.turn).slice(-COURSE_TURNS);
}
