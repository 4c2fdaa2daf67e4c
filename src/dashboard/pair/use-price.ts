import { useMemo } from 'react';
import { useTurn } from '../api/use-turn.js';
import type { ChartMark, TimeRange } from '../charts/types.js';
import { useRateDigits } from '../matrix/use-look.js';
import { useViewState } from '../use-view-state.js';
import { askedRange, shownRange, type AskedRange } from './address.js';
import type { Cell } from './series.js';
import { useMomentOfTurn } from './use-gaps.js';
import { useGesture } from './use-gesture.js';
import { useSeries, type AskedSeries } from './use-series.js';

/** A candle is so wide at least, with what is between two; a line has a point for every pixel. */
const CANDLE_PX = 7;

/** What a chart of prices shows, over the range of the address. */
export interface Price {
  /** As the API is asked for the range; null before its end is known. */
  readonly askedRange: AskedRange | null;
  readonly asked: AskedSeries;
  readonly range: TimeRange;
  /** As a chart tells that it was zoomed or moved. */
  readonly onRange: (from: number, to: number) => void;
  /** The turn that is looked at, where that is not the newest. */
  readonly marks: readonly ChartMark[];
  /** Of the price; null where its tick is not known. */
  readonly decimals: number | null;
}

/**
 * The price of a pair, or of several in comparison.
 * @param width of the chart in pixels; null before it is known
 */
export function usePrice(cells: readonly Cell[], width: number | null, isPaused = false): Price {
  const state = useViewState();
  const { turn, isLive } = useTurn();
  const { at, isNewest } = useMomentOfTurn();
  const { range: gesture, onRange } = useGesture();
  const [cell = { base: '', quote: '' }] = cells;
  const digits = useRateDigits();
  const withCandles = state.shape === 'candles' && cells.length === 1;
  const range = at === null || isPaused ? null : askedRange(state, at, isNewest);
  const asked = useSeries(
    range === null || width === null
      ? null
      : {
          ...range,
          ...{ cells, kind: 'ID_BENCHMARK', price: state.price, withCandles },
          maxPoints: Math.round(withCandles ? width / CANDLE_PX : width),
        },
  );
  const shown = useMemo(
    () => gesture ?? shownRange(state, at ?? Date.now(), asked.storedFrom),
    [gesture, state.range, state.from, state.to, at, asked.storedFrom],
  );
  const isKnown = digits.rate(cell.base, cell.quote) !== null;
  const marks = useMemo(
    (): readonly ChartMark[] => (isLive || at === null ? [] : [{ at, label: `turn ${turn}` }]),
    [isLive, at, turn],
  );
  return {
    ...{ askedRange: range, asked, range: shown, onRange, marks },
    decimals: isKnown ? digits.decimals(cell.base, cell.quote, null) : null,
  };
}
