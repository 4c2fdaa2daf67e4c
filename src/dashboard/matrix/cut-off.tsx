import { useEffect, useState, type RefObject } from 'react';
import type { Offset, ScrollOffset } from './scroll-offset.js';
import { HEADER_HEIGHT, type Room, type Sizes } from './sizes.js';

interface CutOffProps {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly scrolled: ScrollOffset;
  readonly room: Room;
  readonly sizes: Sizes;
  readonly rowCount: number;
}

/** Says at the edges how many columns and rows are beyond them. */
export function CutOff({ scroller, scrolled, room, sizes, rowCount }: CutOffProps) {
  const [cut, setCut] = useState({ columns: 0, rows: 0 });
  const { width, height } = room;
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const count = ({ left, top }: Offset): void => {
      const right = left + width - sizes.headerWidth + 1;
      const bottom = top + height - HEADER_HEIGHT + 1;
      const columns = sizes.lefts.slice(1).filter((edge) => edge > right).length;
      const rows = rowCount - Math.min(rowCount, Math.floor(bottom / sizes.rowHeight));
      setCut((before) =>
        before.columns === columns && before.rows === rows ? before : { columns, rows },
      );
    };
    count({ left: element.scrollLeft, top: element.scrollTop });
    return scrolled.follow(element, count);
  }, [scroller, scrolled, width, height, sizes, rowCount]);
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
