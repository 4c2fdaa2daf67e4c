import { useMemo } from 'react';
import { StrengthCoursesDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-cycle.js';
import { useEvery } from '../api/use-every.js';
import { useTurn } from '../api/use-turn.js';

/** The server has at most so many lines in one answer. */
const MOST = 100;
const RENEWED_MS = 300_000;

type Course = readonly (number | null)[];

/** How the strength of the first and the last of a ranking went over the past day. */
export function useCourses(ranked: readonly string[]): ReadonlyMap<string, Course> {
  const { isLive } = useTurn();
  const shown =
    ranked.length <= MOST ? ranked : [...ranked.slice(0, MOST / 2), ...ranked.slice(-MOST / 2)];
  // In one order, so that a change of places asks for nothing.
  const names = shown.toSorted().join();
  const asked = useEvery(RENEWED_MS, names === '' ? null : names);
  const { data } = useAsked(
    StrengthCoursesDocument,
    { assets: asked?.split(',') ?? [], from: 'now-24h' },
    asked === null || !isLive,
  );
  return useMemo(() => {
    const lines = (isLive && data?.assetSeries?.lines) || [];
    return new Map(lines.map(({ asset, values }) => [asset ?? '', values]));
  }, [data, isLive]);
}
