import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { StrengthRow, type StrengthRowProps } from './row.js';

/** As in strength.css, pixels. */
const ROW_HEIGHT = 24;
/** Rows outside the window that are in the page all the same. */
const OVERSCAN = 8;

export interface StrengthListProps {
  readonly label: string;
  /** From the strongest to the weakest. */
  readonly rows: readonly Omit<StrengthRowProps, 'top'>[];
}

/**
 * Only the rows in the window are in the page: with each turn most change their places, and to move hundreds
 * takes longer than to draw a matrix. The one that has the focus stays, wherever its asset goes.
 */
export function StrengthList({ label, rows }: StrengthListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.symbol ?? index,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    rangeExtractor: (range) => {
      const at = rows.findIndex(({ symbol }) => symbol === focused);
      const seen = defaultRangeExtractor(range);
      return at === -1 || seen.includes(at) ? seen : [...seen, at].toSorted((a, b) => a - b);
    },
  });
  return (
    <div ref={scroller} className="strength-scroller">
      <ol
        className="strength placed"
        aria-label={label}
        style={{ height: list.getTotalSize() }}
        onFocus={({ target }) => setFocused(target.closest('li')?.dataset['symbol'] ?? null)}
        onBlur={() => setFocused(null)}
      >
        {list.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          return row && <StrengthRow key={key} {...row} top={start} />;
        })}
      </ol>
    </div>
  );
}

/** All of them in one line. */
export function StrengthStrip({ label, rows }: StrengthListProps) {
  return (
    <ol className="strength" aria-label={label}>
      {rows.map((row) => (
        <StrengthRow key={row.symbol} {...row} />
      ))}
    </ol>
  );
}
