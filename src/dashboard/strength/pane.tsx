import { useMemo } from 'react';
import { useAssets, type Assets } from '../api/use-assets.js';
import { formatPercent } from '../format/numbers.js';
import { useIsNarrow } from '../shell/layout.js';
import { StrengthList, StrengthStrip } from './list.js';
import { Movers } from './movers.js';
import './strength.css';
import { useCourses } from './use-courses.js';

interface Strong {
  readonly symbol: string;
  readonly strength: number;
}

const LABEL = 'Strength by asset, percent over 24 h';

/** The assets from the strongest to the weakest, how they came there, and what moved in the last hour. */
export function StrengthPane() {
  const known = useAssets();
  const isStrip = useIsNarrow();
  const ranked = useMemo(() => ranking(known), [known]);
  const courses = useCourses(isStrip || !known ? [] : known.assets.map(({ symbol }) => symbol));
  if (!known) return null;
  const most = Math.max(...ranked.map(({ strength }) => Math.abs(strength)), 1e-9);
  const { quantBase } = known;
  const rows = ranked.map(({ symbol, strength }, index) => ({
    symbol,
    quantBase,
    text: formatPercent(strength),
    // Whole percents: a bar is not drawn anew for less.
    share: Math.round((100 * strength) / most),
    course: courses.get(symbol) ?? null,
    count: ranked.length,
    place: index + 1,
  }));
  if (isStrip) return <StrengthStrip label={LABEL} rows={rows} />;
  return (
    <div className="strength-board">
      <h2>
        Strength <span className="quiet">%, 24 h</span>
      </h2>
      <StrengthList label={LABEL} rows={rows} />
      <Movers quantBase={quantBase} />
    </div>
  );
}

function ranking(known: Assets | null): readonly Strong[] {
  return (known?.assets ?? [])
    .flatMap(({ symbol, strength }) => (strength === null ? [] : [{ symbol, strength }]))
    .toSorted((a, b) => b.strength - a.strength);
}
