import { memo, type CSSProperties } from 'react';
import { Sparkline } from '../charts/sparkline.js';
import { choosePair } from '../shell/chosen-pair.js';

/** An asset of the board, and how it is drawn: plain values, so that it is drawn anew only when one changes. */
export interface StrengthRowProps {
  readonly symbol: string;
  readonly quantBase: string;
  /** The strength. */
  readonly text: string;
  /** Percent of the longest bar. */
  readonly share: number;
  readonly course: readonly (number | null)[] | null;
  /** How many assets are on the board, and the place of this one, from 1 on. */
  readonly count: number;
  readonly place: number;
  /** Pixels from the start of the list to the row, where rows have fixed places. */
  readonly top?: number;
}

export const StrengthRow = memo(function StrengthRow(props: StrengthRowProps) {
  const { symbol, quantBase, text, share, course, count, place, top } = props;
  return (
    <li aria-setsize={count} aria-posinset={place} data-symbol={symbol} style={{ top }}>
      <button
        type="button"
        disabled={symbol === quantBase}
        title={symbol === quantBase ? undefined : `Look at ${symbol}/${quantBase}`}
        onClick={() => choosePair({ base: symbol, quote: quantBase })}
      >
        <span
          className={`strength-bar ${share < 0 ? 'negative' : 'positive'}`}
          style={{ '--share': `${Math.abs(share)}%` } as CSSProperties}
          aria-hidden="true"
        />
        <span className="name">{symbol}</span>
        {course && (
          <Sparkline
            label={`Strength of ${symbol} over 24 h`}
            values={course}
            width={44}
            height={16}
            colour="--quiet"
          />
        )}
        <span className="number">{text}</span>
      </button>
    </li>
  );
});
