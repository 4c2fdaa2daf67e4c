import { useEffect, useState, type RefObject } from 'react';
import { HEADER_HEIGHT, type Sizes } from './sizes.js';

interface CutOffProps {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly sizes: Sizes;
  readonly rowCount: number;
}

/** Says at the edges how many columns and rows are beyond them. */
export function CutOff({ scroller, sizes, rowCount }: CutOffProps) {
  const [cut, setCut] = useState({ columns: 0, rows: 0 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const count = (): void => {
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = element;
      const right = scrollLeft + clientWidth - sizes.headerWidth + 1;
      const bottom = scrollTop + clientHeight - HEADER_HEIGHT + 1;
      const columns = sizes.lefts.slice(1).filter((edge) => edge > right).length;
      const rows = rowCount - Math.min(rowCount, Math.floor(bottom / sizes.rowHeight));
      setCut((before) =>
        before.columns === columns && before.rows === rows ? before : { columns, rows },
      );
    };
    count();
    element.addEventListener('scroll', count, { passive: true });
    return () => element.removeEventListener('scroll', count);
  }, [scroller, sizes, rowCount]);
  return (
    <>
      {cut.columns > 0 && (
        <span className="cut columns" aria-hidden="true">
          {cut.columns} ›
        </span>
      )}
      {cut.rows > 0 && (
        <span className="cut rows" aria-hidden="true">
          {cut.rows} ⌄
        </span>
      )}
    </>
  );
}
