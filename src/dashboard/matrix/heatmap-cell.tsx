import { memo, useEffect, useRef, type CSSProperties } from 'react';
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
  /** Percent of the full colour. */
  readonly shade: number;
  readonly left: number;
  readonly width: number;
  /** How many decimals it has less than others of its column, in digits. */
  readonly pad: number;
  readonly isActive: boolean;
}

export const Cell = memo(function Cell(props: CellProps) {
  const { row, column, of, text, words, className, shade, left, width, pad, isActive } = props;
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
      style={{ left, width, '--shade': `${shade}%`, '--pad': pad } as CSSProperties}
    >
      {text ?? <span aria-hidden="true">–</span>}
      {words !== '' && <span className="hidden">{words}</span>}
    </td>
  );
});
