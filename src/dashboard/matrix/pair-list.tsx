import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type CSSProperties } from 'react';
import { formatAge } from '../format/moments.js';
import { formatNumber } from '../format/numbers.js';
import { show, useViewState } from '../use-view-state.js';
import { writeValue } from './digits.js';
import { PAIR_COLUMNS, type Pair, type PairColumn } from './grid.js';
import { unitOf, type ShownKind } from './kinds.js';

const ROW_HEIGHT = 28;

const TITLES: Readonly<Record<PairColumn, string>> = {
  base: 'Base',
  quote: 'Quote',
  value: 'Value',
  size: 'Size',
  ageMs: 'Age',
  legs: 'Legs',
};

interface PairListProps {
  /** As they are to be listed. */
  readonly pairs: readonly Pair[];
  readonly kind: ShownKind;
  readonly decimalsOf: (pair: Pair) => number;
  readonly onChoose: (pair: Pair) => void;
}

/** A matrix as a list of its pairs, to sort and to search. */
export function PairList({ pairs, kind, decimalsOf, onChoose }: PairListProps) {
  const { search, sort, ascending, base, quote } = useViewState();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: pairs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const most = Math.max(0, ...items.map(({ index }) => decimalsOf(pairs[index] as Pair)));
  /** By another column, or the other way; names from A on, numbers from the largest. */
  const sortBy = (column: PairColumn): void => {
    const isName = column === 'base' || column === 'quote';
    show({ sort: column, ascending: column === sort ? !ascending : isName }, true);
  };
  const unit = unitOf(kind, 'base', 'quote');
  return (
    <div className="pair-list">
      <p className="list-search">
        <label>
          Search pairs{' '}
          <input
            type="search"
            value={search}
            placeholder="for example BTC/ or USDT"
            onChange={(event) => show({ search: event.target.value }, true)}
          />
        </label>{' '}
        <span role="status">{formatNumber(pairs.length, 0)} pairs</span>
      </p>
      <div ref={scroller} className="scroller" tabIndex={0} role="region" aria-label="Pairs">
        <table aria-rowcount={pairs.length + 1}>
          <thead>
            <tr>
              {PAIR_COLUMNS.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className={name === 'base' || name === 'quote' ? '' : 'number'}
                  aria-sort={name === sort ? (ascending ? 'ascending' : 'descending') : undefined}
                >
                  <button type="button" onClick={() => sortBy(name)}>
                    {TITLES[name]}
                    <span aria-hidden="true">{name === sort ? (ascending ? ' ↑' : ' ↓') : ''}</span>
                  </button>
                  {name === 'value' && unit !== '' && <span className="quiet"> {unit}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
            {items.map(({ index }) => {
              const pair = pairs[index] as Pair;
              return (
                <PairRow
                  key={`${pair.base}/${pair.quote}`}
                  index={index}
                  pair={pair}
                  kind={kind}
                  decimals={decimalsOf(pair)}
                  most={most}
                  isChosen={pair.base === base && pair.quote === quote}
                  onChoose={onChoose}
                />
              );
            })}
            {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}

interface PairRowProps {
  readonly index: number;
  readonly pair: Pair;
  readonly kind: ShownKind;
  readonly decimals: number;
  readonly most: number;
  readonly isChosen: boolean;
  readonly onChoose: (pair: Pair) => void;
}

function PairRow({ index, pair, kind, decimals, most, isChosen, onChoose }: PairRowProps) {
  const text = writeValue(kind, pair.value, decimals);
  const pad = { '--pad': pair.value === null ? 0 : most - decimals } as CSSProperties;
  return (
    <tr aria-rowindex={index + 2} className={isChosen ? 'chosen' : ''}>
      <td>
        <button type="button" className="link" onClick={() => onChoose(pair)}>
          {pair.base}
          <span className="hidden"> in {pair.quote}</span>
        </button>
      </td>
      <td>{pair.quote}</td>
      <td className="number padded" style={pad}>
        {text}
      </td>
      <td className="number padded" style={pad}>
        {text.replace(/^[+−]/, '')}
      </td>
      <td className="number">{formatAge(pair.ageMs)}</td>
      <td className="number">{pair.legs ?? '–'}</td>
    </tr>
  );
}
