import { useEffect, useState } from 'react';
import { useClient, type Client, type CombinedError } from 'urql';
import {
  PairCourseDocument,
  type MatrixKind,
  type PairCourseQuery,
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

/**
 * The newest turns of a pair, and each new one as it comes. What is missing since the last reading
 * is read in one go, so that no turn is left out, however quickly they come.
 */
export function useCourse(base: string, quote: string): Course {
  const client = useClient();
  const { latest } = useLive();
  const newest = latest?.turn ?? 0;
  const name = `${base}/${quote}`;
  const [course, setCourse] = useState<Course & { readonly name: string }>({
    name,
    points: [],
    isWaiting: true,
    error: undefined,
  });
  const known = course.name === name ? (course.points.at(-1)?.turn ?? 0) : 0;
  const [isReading, setReading] = useState(false);

  useEffect(() => {
    if (isReading || newest === 0 || known >= newest) return;
    setReading(true);
    const missing = Math.min(COURSE_TURNS, known === 0 ? COURSE_TURNS : newest - known);
    void read(client, missing, base, quote).then(({ points, error }) => {
      setReading(false);
      setCourse((before) => {
        const old = before.name === name ? before.points : [];
        return { name, points: joined(old, points), isWaiting: false, error };
      });
    });
  }, [client, base, quote, name, newest, known, isReading]);

  return course.name === name ? course : { points: [], isWaiting: true, error: undefined };
}

async function read(
  client: Client,
  first: number,
  base: string,
  quote: string,
): Promise<{ readonly points: readonly CoursePoint[]; readonly error: CombinedError | undefined }> {
  const { data, error } = await client.query(PairCourseDocument, { first, base, quote });
  const fewer = allowedBy(error?.graphQLErrors[0]?.extensions, first);
  if (fewer > 0) return read(client, fewer, base, quote);
  // One that cannot be read leaves its place free.
  const cycles = data?.cycles.nodes?.filter((node) => node !== null) ?? [];
  return { points: cycles.map(pointOf).toReversed(), error };
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
