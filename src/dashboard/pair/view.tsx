import { useMemo, useRef } from 'react';
import { useLive } from '../api/use-live.js';
import { useTurn } from '../api/use-turn.js';
import type { ChartMark } from '../charts/types.js';
import { useRateDigits } from '../matrix/use-look.js';
import { EmptyNote } from '../parts/notes.js';
import { useViewState } from '../use-view-state.js';
import { KINDS } from '../view-state.js';
import { askedRange, comparedIn, shownRange } from './address.js';
import { PairBar } from './bar.js';
import { KindChart } from './kind-chart.js';
import './pair.css';
import { PriceChart } from './price-chart.js';
import { useGesture } from './use-gesture.js';
import { useMomentOfTurn } from './use-gaps.js';
import type { Cell } from './series.js';
import { useSeries } from './use-series.js';
import { useWidth } from './use-width.js';

/** A candle is so wide at least, with what is between two; a line has a point for every pixel. */
const CANDLE_PX = 7;

/** One pair at full size: its price, and the other kinds below, over time. */
export function PairView() {
  const { latest } = useLive();
  const state = useViewState();
  const element = useRef<HTMLElement>(null);
  const width = useWidth(element);
  const symbols = latest?.symbols ?? [];
  const base = state.base ?? symbols[1] ?? '';
  const quote = state.quote ?? symbols[0] ?? '';
  const cells = useCells(base, quote, state.compare);
  const known = cells.flatMap((cell) => [cell.base, cell.quote]);
  const unknown = [...new Set(known)].filter((asset) => !symbols.includes(asset));
  return (
    <section ref={element} className="pair-view" aria-labelledby="pair-title">
      <h2 id="pair-title" className="hidden">
        {base}/{quote}
      </h2>
      {width !== null && symbols.length > 0 && <Charts {...{ cells, symbols, width, unknown }} />}
    </section>
  );
}

function useCells(base: string, quote: string, compare: string): readonly Cell[] {
  return useMemo(
    () => [
      { base, quote },
      ...comparedIn(compare).filter((cell) => cell.base !== base || cell.quote !== quote),
    ],
    [base, quote, compare],
  );
}

interface ChartsProps {
  readonly cells: readonly Cell[];
  readonly symbols: readonly string[];
  readonly width: number;
  readonly unknown: readonly string[];
}

function Charts({ cells, symbols, width, unknown }: ChartsProps) {
  const state = useViewState();
  const { turn, isLive } = useTurn();
  const { at, isNewest } = useMomentOfTurn();
  const { range: gesture, onRange } = useGesture();
  const [cell = { base: '', quote: '' }] = cells;
  const digits = useRateDigits();
  const withCandles = state.shape === 'candles' && cells.length === 1;
  const asked = at === null || unknown.length > 0 ? null : askedRange(state, at, isNewest);
  const price = useSeries(
    asked && {
      ...asked,
      ...{ cells, kind: 'ID_BENCHMARK', price: state.price, withCandles },
      maxPoints: Math.round(withCandles ? width / CANDLE_PX : width),
    },
  );
  const range = useMemo(
    () => gesture ?? shownRange(state, at ?? Date.now(), price.storedFrom),
    [gesture, state.range, state.from, state.to, at, price.storedFrom],
  );
  const isKnown = digits.rate(cell.base, cell.quote) !== null;
  const decimals = isKnown ? digits.decimals(cell.base, cell.quote, null) : null;
  const marks = useMemo(
    (): readonly ChartMark[] => (isLive || at === null ? [] : [{ at, label: `turn ${turn}` }]),
    [isLive, at, turn],
  );
  return (
    <>
      <PairBar {...cell} {...{ symbols, width }} shown={range} />
      {unknown.length > 0 ? (
        <EmptyNote title={`${unknown.join(' and ')}: not of the universe`}>
          <p>Choose from {symbols.join(', ')}.</p>
        </EmptyNote>
      ) : (
        <>
          <PriceChart {...{ cells, range, marks, onRange }} asked={price} decimals={decimals} />
          {asked &&
            KINDS.slice(1).map((kind, index, { length }) => (
              <KindChart
                key={kind}
                {...{ kind, cell, asked, range, marks, width, onRange }}
                isPaused={price.series === null}
                isLast={index === length - 1}
              />
            ))}
        </>
      )}
    </>
  );
}
