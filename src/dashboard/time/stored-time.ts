import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useClient } from 'urql';
import { TimeExtentDocument } from '../../generated/operations.js';
import { useAsked } from '../api/use-asked.js';
import { useLive } from '../api/use-live.js';
import type { TimeRange } from '../charts/types.js';
import { askedFor } from './range.js';
import { readGaps, type Gap } from './read-gaps.js';

/** What there is of the past. */
export interface StoredTime extends TimeRange {
  readonly oldest: number;
  readonly newest: number;
  /** Whether the server has said so; until then there is the newest turn alone. */
  readonly isKnown: boolean;
}

/** However often turns are removed for their age, it is not asked more often from when they are. */
const PAUSE_MS = 5_000;

/** From which turn and moment to which there are cycles, as each comes; null before the first. */
export function useStoredTime(): StoredTime | null {
  const { latest, status } = useLive();
  const { data, again } = useAsked(TimeExtentDocument, {});
  const isFirst = useRef(true);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const oldestTurn = status?.oldestTurn ?? null;
  const epoch = status?.storageEpoch;
  const askAgain = useEffectEvent(again);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    // Not put off by the next one: with each turn that comes, one may go.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      askAgain();
    }, PAUSE_MS);
  }, [oldestTurn, epoch]);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!latest) return null;
  const history = data?.history;
  const newestAt = Date.parse(latest.observedAt);
  const firstAt = history?.firstAt ? Date.parse(history.firstAt) : newestAt;
  const lastAt = history?.lastAt ? Date.parse(history.lastAt) : newestAt;
  return {
    // Where a clock went back, the newest turn is not the latest moment.
    from: Math.min(firstAt, newestAt),
    to: Math.max(lastAt, newestAt),
    oldest: Math.min(oldestTurn ?? history?.oldestTurn ?? latest.turn, latest.turn),
    newest: latest.turn,
    isKnown: data !== null,
  };
}

/** Turns that were observed further apart than that have a gap between them, intervals. */
const GAP_INTERVALS = 3;
/** Where the server gave no answer, it is asked again so long after. */
const AGAIN_MS = 15_000;
const NO_GAPS: readonly Gap[] = [];
const NO_RANGE: TimeRange = { from: 0, to: 0 };

/** The gaps of a range, those that are known while others are awaited; none is asked for without a range. */
export function useGaps(range: TimeRange | null): readonly Gap[] {
  const client = useClient();
  const { status } = useLive();
  const { from, to } = range ? askedFor(range) : NO_RANGE;
  const newGaps = useNewGaps();
  const epoch = status?.storageEpoch;
  const [gaps, setGaps] = useState(NO_GAPS);
  useEffect(() => {
    if (from === to) return;
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      const isWhole = await readGaps(client, { from, to }, setGaps, () => isWanted);
      if (!isWhole && isWanted) timer = setTimeout(() => void read(), AGAIN_MS);
    };
    void read();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, from, to, newGaps, epoch]);
  return gaps;
}

/** Counts the gaps that came about while one was looking. */
function useNewGaps(): number {
  const { latest, status } = useLive();
  const [{ count, at }, setSeen] = useState({ count: 0, at: latest?.observedAt });
  if (latest && latest.observedAt !== at) {
    const passed = at === undefined ? 0 : Date.parse(latest.observedAt) - Date.parse(at);
    const isGap = passed < 0 || passed > GAP_INTERVALS * (status?.cycleIntervalMs ?? Infinity);
    setSeen({ count: count + (isGap ? 1 : 0), at: latest.observedAt });
  }
  return count;
}
