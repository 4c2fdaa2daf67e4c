import { memo, useEffect, useRef } from 'react';
import { flash } from './flash.js';

/** All of it plain values, so that a cell is drawn anew only when something about it changes. */
export interface CellProps {
  readonly row: number;
  readonly column: number;
  /** What the number is of, for example the kind and the pair: a change of it is no change of the number. */
  readonly of: string;
  /** The number; null where there is none. */
  readonly text: string | null;
  /** What the marks of the cell say, for whoever cannot see them. */
  readonly words: string;
  readonly className: string;
  /** Its colour, where it has one of its own. */
  readonly background: string | undefined;
  readonly left: number;
  readonly width: number;
  /** How many decimals it has less than others of its column, in digits. */
  readonly pad: number;
  readonly isActive: boolean;
}

/** The room at the right of a number, pixels; as in heatmap.css. */
const RIGHT_PX = 3;

/** What differs from cell to cell is written out in its style: variables would be worked out again for each. */
export const Cell = memo(function Cell(props: CellProps) {
  const { row, column, of, text, words, className, background, left, width, pad, isActive } = props;
  const element = useRef<HTMLTableCellElement>(null);
  const before = useRef({ of, text });
  useEffect(() => {
    const { of: what, text: was } = before.current;
    before.current = { of, text };
    if (what === of && was !== text && element.current) flash(element.current);
  }, [of, text]);
  return (
    <td
      ref={element}
      role="gridcell"
      data-at={`${row}:${column}`}
      aria-colindex={column + 2}
      tabIndex={isActive ? 0 : -1}
      className={className}
      style={{
        left,
        width,
        backgroundColor: background,
        paddingRight: pad > 0 ? `calc(${RIGHT_PX}px + ${pad}ch)` : undefined,
      }}
    >
      {text ?? <span aria-hidden="true">–</span>}
      {words !== '' && <span className="hidden">{words}</span>}
    </td>
  );
});
