import { decimalsFor, formatNumber } from '../format/numbers.js';
import './marks.css';
import type { Shading } from './shading.js';

/** What the colours mean. */
export function Scale({
  shading,
  isRate,
}: {
  readonly shading: Shading;
  readonly isRate: boolean;
}) {
  const { full, isPercent } = shading;
  const unit = isPercent ? ' %' : '';
  const size = (sign: number): string =>
    formatNumber(sign * (full ?? 0), Math.max(0, Math.min(2, decimalsFor([full]) - 3)), {
      signed: true,
    }) + unit;
  const [low, high] =
    full !== null
      ? [size(-1), size(1)]
      : isRate
        ? ['less than 1', 'more than 1']
        : ['fell', 'rose'];
  return (
    <span className="legend">
      <span>{low}</span>
      <span className="scale" role="img" aria-label={`Colours run from ${low} to ${high}`} />
      <span>{high}</span>
    </span>
  );
}

/** What the marks in cells mean. */
export function Marks() {
  return (
    <p className="marks">
      <span className="sample cross" aria-hidden="true" /> cross rate
      <span className="sample stale" aria-hidden="true" /> stale
      <span className="sample none" aria-hidden="true">
        –
      </span>{' '}
      no value
    </p>
  );
}
