import type { MatrixKind } from '../../generated/operations.js';
import { formatValue, type Shading } from './kinds.js';

/** What the colours and the marks mean. */
export function Legend({
  kind,
  shading,
}: {
  readonly kind: MatrixKind;
  readonly shading: Shading;
}) {
  const { full } = shading;
  const isRate = kind === 'ID_BENCHMARK';
  const [low, high] =
    full === null
      ? isRate
        ? ['less than 1', 'more than 1']
        : ['fell', 'rose']
      : [formatValue(kind, -full), formatValue(kind, full)];
  return (
    <p className="legend">
      <span>{low}</span>
      <span className="scale" role="img" aria-label={`Colours run from ${low} to ${high}`} />
      <span>{high}</span>
      {full === null && <span className="quiet">(logarithmic)</span>}
      <span className="sample cross" aria-hidden="true" /> cross rate
      <span className="sample stale" aria-hidden="true" /> stale
      <span className="sample none" aria-hidden="true">
        –
      </span>{' '}
      no value
    </p>
  );
}
