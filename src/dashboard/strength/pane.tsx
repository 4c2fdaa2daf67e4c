import { memo, useMemo, type CSSProperties } from 'react';
import { useAssets, type Assets } from '../api/use-assets.js';
import { Sparkline } from '../charts/sparkline.js';
import { formatPercent } from '../format/numbers.js';
import { choosePair } from '../shell/chosen-pair.js';
import { useIsNarrow } from '../shell/layout.js';
import { Movers } from './movers.js';
import './strength.css';
import { useCourses } from './use-courses.js';

interface Strong {
  readonly symbol: string;
  readonly strength: number;
}

/** The assets from the strongest to the weakest, how they came there, and what moved in the last hour. */
export function StrengthPane() {
  const known = useAssets();
  const isStrip = useIsNarrow();
  const ranked = useMemo(() => ranking(known), [known]);
  const courses = useCourses(isStrip || !known ? [] : known.assets.map(({ symbol }) => symbol));
  if (!known) return null;
  const most = Math.max(...ranked.map(({ strength }) => Math.abs(strength)), 1e-9);
  const { quantBase } = known;
  return (
    <div className="strength-board">
      {!isStrip && (
        <h2>
          Strength <span className="quiet">%, 24 h</span>
        </h2>
      )}
      <ol className="strength" aria-label="Strength by asset, percent over 24 h">
        {ranked.map(({ symbol, strength }) => (
          <StrengthRow
            key={symbol}
            symbol={symbol}
            quantBase={quantBase}
            text={formatPercent(strength)}
            // Whole percents: a bar is not drawn anew for less.
            share={Math.round((100 * strength) / most)}
            course={courses.get(symbol) ?? null}
          />
        ))}
      </ol>
      {!isStrip && <Movers quantBase={quantBase} />}
    </div>
  );
}

function ranking(known: Assets | null): readonly Strong[] {
  return (known?.assets ?? [])
    .flatMap(({ symbol, strength }) => (strength === null ? [] : [{ symbol, strength }]))
    .toSorted((a, b) => b.strength - a.strength);
}

interface StrengthRowProps {
  readonly symbol: string;
  readonly quantBase: string;
  readonly text: string;
  /** Percent of the longest bar. */
  readonly share: number;
  readonly course: readonly (number | null)[] | null;
}

const StrengthRow = memo(function StrengthRow(props: StrengthRowProps) {
  const { symbol, quantBase, text, share, course } = props;
  return (
    <li>
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
