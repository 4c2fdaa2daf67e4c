import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { MatrixKind } from '../../generated/operations.js';
import { meets, searchPairs, sortPairs, type Pair, type PairColumn } from './grid.js';
import { formatAge, formatValue, unitOf } from './kinds.js';

const ROW_HEIGHT = 34;

const COLUMNS: readonly { readonly column: PairColumn; readonly title: string }[] = [
  { column: 'base', title: 'Base' },
  { column: 'quote', title: 'Quote' },
  { column: 'value', title: 'Value' },
  { column: 'size', title: 'Size' },
  { column: 'ageMs', title: 'Age' },
  { column: 'legs', title: 'Legs' },
];

interface PairListProps {
  readonly pairs: readonly Pair[];
  readonly kind: MatrixKind;
  readonly threshold: number | null;
  readonly onOpen: (pair: Pair) => void;
}

/** A matrix as a list of its pairs, to sort and to search. Pairs below the threshold are left out. */
export function PairList({ pairs, kind, threshold, onOpen }: PairListProps) {
  const [search, setSearch] = useState('');
  const [{ column, descending }, setOrder] = useState({
    column: 'size' as PairColumn,
    descending: true,
  });
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(
    () =>
      sortPairs(
        searchPairs(
          pairs.filter(({ value }) => meets(value, threshold)),
          search,
        ),
        column,
        descending,
      ),
    [pairs, threshold, search, column, descending],
  );
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  const sortBy = (next: PairColumn): void =>
    setOrder({ column: next, descending: next === column ? !descending : next !== 'base' });
  return (
    <div className="pair-list">
      <p>
        <label>
          Search pairs{' '}
          <input
            type="search"
            value={search}
            placeholder="for example BTC/ or USDT"
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>{' '}
        <span role="status">{shown.length} pairs</span>
      </p>
      <div ref={scroller} className="scroller" tabIndex={0} role="region" aria-label="Pairs">
        <table aria-rowcount={shown.length + 1}>
          <thead>
            <tr>
              {COLUMNS.map(({ column: name, title }) => (
                <th
                  key={name}
                  scope="col"
                  className={name === 'base' || name === 'quote' ? '' : 'number'}
                  aria-sort={
                    name === column ? (descending ? 'descending' : 'ascending') : undefined
                  }
                >
                  <button type="button" onClick={() => sortBy(name)}>
                    {title}
                    <span aria-hidden="true">
                      {name === column ? (descending ? ' ↓' : ' ↑') : ''}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {above > 0 && <tr aria-hidden="true" style={{ height: above }} />}
            {items.map(({ index }) => {
              const pair = shown[index] as Pair;
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
