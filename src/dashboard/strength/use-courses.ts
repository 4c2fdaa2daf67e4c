import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { StrengthCoursesDocument } from '../../generated/operations.js';
import { askUntil } from '../api/in-flight.js';
import { useTurn } from '../api/use-turn.js';

/** The server has at most so many lines in one answer. */
const MOST = 100;
const RENEWED_MS = 300_000;
/** After a part of them could not be read. */
const AGAIN_MS = 15_000;

type Courses = ReadonlyMap<string, readonly (number | null)[]>;

const NONE: Courses = new Map();

/** How the strength of each asset went over the past day; nothing while an earlier turn is looked at. */
export function useCourses(assets: readonly string[]): Courses {
  const client = useClient();
  const { isLive } = useTurn();
  const [courses, setCourses] = useState(NONE);
  // In one order, so that a change of places asks for nothing.
  const names = isLive ? assets.toSorted().join() : '';

  useEffect(() => {
    if (names === '') return;
    const ending = new AbortController();
    const { signal } = ending;
    let timer: ReturnType<typeof setTimeout>;
    const read = async (): Promise<void> => {
      const found = new Map(NONE);
      let isWhole = true;
      // One after another: other parts of the page wait for answers as well.
      for (const batch of batchesOf(names.split(','))) {
        const variables = { assets: batch, from: 'now-24h' };
        const { data } = await askUntil(signal, client, StrengthCoursesDocument, variables);
        isWhole &&= Boolean(data?.assetSeries);
        for (const { asset, values } of data?.assetSeries?.lines ?? []) {
          found.set(asset ?? '', values);
        }
      }
      // What could not be read is shown as it was.
      setCourses((before) => new Map([...before, ...found]));
      timer = setTimeout(() => void read(), isWhole ? RENEWED_MS : AGAIN_MS);
    };
    void read();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [client, names]);

  return isLive ? courses : NONE;
}

function batchesOf(names: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(names.length / MOST) }, (_, at) =>
    names.slice(at * MOST, (at + 1) * MOST),
  );
}
