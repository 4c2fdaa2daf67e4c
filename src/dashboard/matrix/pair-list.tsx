import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { show, useViewState } from '../use-view-state.js';
import { PAIR_COLUMNS, type Pair, type PairColumn } from './grid.js';
import { formatAge, formatValue, unitOf } from './kinds.js';

const ROW_HEIGHT = 34;

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
  readonly kind: MatrixKind;
  readonly onOpen: (pair: Pair) => void;
}

/** A matrix as a list of its pairs, to sort and to search. */
export function PairList({ pairs, kind, onOpen }: PairListProps) {
  const { search, sort, ascending } = useViewState();
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
  /** By another column, or the other way; names from A on, numbers from the largest. */
  const sortBy = (column: PairColumn): void => {
    const isName = column === 'base' || column === 'quote';
    show({ sort: column, ascending: column === sort ? !ascending : isName }, true);
  };
  return (
    <div className="pair-list">
      <p>
        <label>
          Search pairs{' '}
          <input
            type="search"
            value={search}
            placeholder="for example BTC/ or USDT"
            onChange={(event) => show({ search: event.target.value }, true)}
          />
        </label>{' '}
        <span role="status">{pairs.length} pairs</span>
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
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
            {items.map(({ index }) => {
              const pair = pairs[index] as Pair;
              return (
                <tr key={`${pair.base}/${pair.quote}`} aria-rowindex={index + 2}>
                  <td>
                    <button type="button" className="link" onClick={() => onOpen(pair)}>
                      {pair.base}
                      <span className="hidden"> in {pair.quote}</span>
                    </button>
                  </td>
                  <td>{pair.quote}</td>
                  <td className="number">
                    {formatValue(kind, pair.value)}{' '}
                    <span className="quiet">{unitOf(kind, pair.base, pair.quote)}</span>
                  </td>
                  <td className="number">{formatValue(kind, pair.value).replace(/^[+-]/, '')}</td>
                  <td className="number">{pair.ageMs === null ? '–' : formatAge(pair.ageMs)}</td>
                  <td className="number">{pair.legs ?? '–'}</td>
                </tr>
              );
            })}
            {below > 0 && <tr aria-hidden="true" style={{ height: below }} />}
          </tbody>
        </table>
      </div>
    </div>
  );
}
