import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import {
  PairSeriesDocument,
  PairSeriesUpdatedDocument,
  type MatrixKind,
  type RatePrice,
} from '../../generated/operations.js';
import { follow } from '../api/follow.js';
import { askUntil } from '../api/in-flight.js';
import { SHOWN_DIGITS } from '../api/shown-digits.js';
import type { LiveFeed } from '../api/live.js';
import { useLiveFeed } from '../api/use-live.js';
import { joined, seriesOf, type Cell, type PairSeries } from './series.js';

/** After the server did not answer, or no longer knew where to go on, it is asked anew no sooner than that. */
const ANEW_MS = 2_000;
/** A series that has grown to so many times what fits is asked for anew, in longer buckets. */
const GROWN = 2;

export interface SeriesRequest {
  readonly cells: readonly Cell[];
  readonly kind: MatrixKind;
  readonly price: RatePrice;
  /** Moments as the API has them, for example `now-24h`. */
  readonly from: string;
  readonly to: string;
  /** How many buckets there are at most: the server chooses the finest that gives so many. */
  readonly maxPoints: number;
  readonly withCandles: boolean;
  /** Whether it grows with each turn. */
  readonly isLive: boolean;
  /** How much of it is kept as it grows, milliseconds; null for all. */
  readonly keptMs: number | null;
}

export interface AskedSeries {
  /** The newest answer for these cells; while one for another range is awaited, the one before stays. */
  readonly series: PairSeries | null;
  /** Where what is stored begins within the range, milliseconds since 1970. */
  readonly storedFrom: number | null;
  /** Whether what is there is not yet what is asked for. */
  readonly isOld: boolean;
  readonly error: CombinedError | undefined;
  readonly again: () => void;
}

interface Answer {
  /** What it is an answer to. */
  readonly key: string;
  readonly subject: string;
  readonly series: PairSeries | null;
  readonly storedFrom: number | null;
  readonly error: CombinedError | undefined;
}

/** Lines over a range of time, and what each turn adds to them; null asks for nothing. */
export function useSeries(request: SeriesRequest | null): AskedSeries {
  const client = useClient();
  const feed = useLiveFeed();
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const key = JSON.stringify(request);
  const again = useCallback(() => setAttempt((before) => before + 1), []);
  const subject = subjectOf(request);

  useEffect(() => {
    const asked = JSON.parse(key) as SeriesRequest | null;
    if (!asked) return;
    const ending = new AbortController();
    const { signal } = ending;
    const later = (): void => {
      const timer = setTimeout(again, ANEW_MS);
      signal.addEventListener('abort', () => clearTimeout(timer));
    };
    void read(asked);
    return () => ending.abort();

    async function read({ isLive, keptMs, ...range }: SeriesRequest): Promise<void> {
      const { price, kind, withCandles } = range;
      const cells = [...range.cells];
      const variables = { ...range, cells, digits: SHOWN_DIGITS };
      const { data, error } = await askUntil(signal, client, PairSeriesDocument, variables);
      const found = data?.series;
      if (!found) {
        setAnswer((before) => ({
          series: before?.subject === subject ? before.series : null,
          storedFrom: before?.subject === subject ? before.storedFrom : null,
          ...{ key, subject, error },
        }));
        if (isLive) signal.addEventListener('abort', onNextTurn(feed, later));
        return;
      }
      let series = seriesOf(found);
      const storedFrom = found.from === null ? null : Date.parse(found.from);
      const tell = (): void => setAnswer({ key, subject, series, storedFrom, error: undefined });
      tell();
      if (!isLive) return;
      const end = follow(feed.client, {
        document: PairSeriesUpdatedDocument,
        variables: (atLeast) => ({
          ...{ cells, kind, price, withCandles, every: series.every, digits: SHOWN_DIGITS },
          after: Math.max(series.lastTurn ?? 0, atLeast),
        }),
        take({ seriesUpdated }) {
          const update = seriesOf(seriesUpdated);
          const newest = update.starts.at(-1) ?? Infinity;
          series = joined(series, update, newest - (keptMs ?? Infinity));
          tell();
          if (series.starts.length > GROWN * range.maxPoints) again();
        },
        onStale: later,
      });
      signal.addEventListener('abort', end);
    }
  }, [client, feed, key, subject, attempt, again]);

  return useMemo(() => {
    const isOfThese = answer?.subject === subject;
    return {
      series: isOfThese ? answer.series : null,
      storedFrom: isOfThese ? answer.storedFrom : null,
      isOld: key !== 'null' && answer?.key !== key,
      error: answer?.key === key ? answer.error : undefined,
      again,
    };
  }, [answer, subject, key, again]);
}

/** @returns what ends the wait */
function onNextTurn(feed: LiveFeed, act: () => void): () => void {
  const before = feed.snapshot().latest?.turn;
  const end = feed.subscribe(() => {
    if (feed.snapshot().latest?.turn === before) return;
    end();
    act();
  });
  return end;
}

/** What the numbers are of: those of another one do not stand in for them. */
function subjectOf(request: SeriesRequest | null): string {
  if (!request) return '';
  const { cells, kind, price, withCandles } = request;
  return JSON.stringify([cells, kind, price, withCandles]);
}
