import { useMemo, useRef } from 'react';
import { useLive } from '../api/use-live.js';
import { EmptyNote } from '../parts/notes.js';
import { useViewState } from '../use-view-state.js';
import { KINDS } from '../view-state.js';
import { comparedIn } from './address.js';
import { PairBar } from './bar.js';
import { KindChart } from './kind-chart.js';
import './pair.css';
import { PriceChart } from './price-chart.js';
import type { Cell } from './series.js';
import { usePrice } from './use-price.js';
import { useWidth } from './use-width.js';

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
  const [cell = { base: '', quote: '' }] = cells;
  const { askedRange, ...price } = usePrice(cells, width, unknown.length > 0);
  const { range, marks, onRange } = price;
  return (
    <>
      <PairBar {...cell} {...{ symbols, width }} shown={range} />
      {unknown.length > 0 ? (
        <EmptyNote title={`${unknown.join(' and ')}: not of the universe`}>
          <p>Choose from {symbols.join(', ')}.</p>
        </EmptyNote>
      ) : (
        <>
          <PriceChart {...price} cells={cells} height="fill" takesWheel />
          {askedRange &&
            KINDS.slice(1).map((kind, index, { length }) => (
              <KindChart
                key={kind}
                {...{ kind, cell, range, marks, width, onRange }}
                asked={askedRange}
                isPaused={price.asked.series === null}
                isLast={index === length - 1}
              />
            ))}
        </>
      )}
    </>
  );
}
