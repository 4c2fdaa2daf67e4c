import type { CycleConsistencyQuery } from '../../generated/operations.js';
import { formatAge } from '../format/moments.js';
import { decimalsFor, formatNumber } from '../format/numbers.js';
import { onPlainClick } from '../parts/plain-click.js';
import { addressOf, show } from '../use-view-state.js';

export type ConsistencyCycle = NonNullable<CycleConsistencyQuery['cycle']>;
export type Triangle = NonNullable<ConsistencyCycle['consistency']['triangles']>[number];

export const BPS_DECIMALS = 2;
/** So many are listed; a difference that is smaller than theirs says little. */
const MOST_ROWS = 100;

/**
 * Each triangle once: of its three pairs, each against the two others, the difference is the same.
 * @param triangles the worst first
 */
function eachOnce(triangles: readonly Triangle[]): readonly Triangle[] {
  const seen = new Set<string>();
  return triangles.filter(({ pair, legs }) => {
    const key = [pair, ...legs].sort().join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The triangles of a turn, the worst first. */
export function Triangles({ cycle }: { readonly cycle: ConsistencyCycle }) {
  const rows = eachOnce(cycle.consistency.triangles ?? []).slice(0, MOST_ROWS);
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="Triangles, the worst first">
      <table className="triangles">
        <thead>
          <tr>
            <th scope="col">Pair</th>
            <th scope="col" className="number">
              Difference, bp
            </th>
            <th scope="col" className="number">
              Directly
            </th>
            <th scope="col" className="number">
              By the legs
            </th>
            <th scope="col">Legs</th>
            <th scope="col" className="number">
              Oldest price
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.pair} triangle={row} staleAfterMs={cycle.staleAfterMs} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  triangle: { pair, base, quote, legs, direct, synthetic, bps, ageMs },
  staleAfterMs,
}: {
  readonly triangle: Triangle;
  readonly staleAfterMs: number;
}) {
  // Of the same number of digits, so that one sees where the two differ.
  const decimals = decimalsFor([direct]) + 2;
  const isStale = ageMs > staleAfterMs;
  return (
    <tr>
      <th scope="row">
        <a
          href={addressOf({ view: 'pair', base, quote })}
          title={pair}
          onClick={onPlainClick(() => show({ view: 'pair', base, quote }))}
        >
          {base}/{quote}
        </a>
      </th>
      <td className="number">{formatNumber(bps, BPS_DECIMALS)}</td>
      <td className="number">{formatNumber(direct, decimals)}</td>
      <td className="number">{formatNumber(synthetic, decimals)}</td>
      <td>{legs.join(' · ')}</td>
      <td className={isStale ? 'number stale-words' : 'number'}>
        {formatAge(ageMs)}
        {isStale && ' (stale)'}
      </td>
    </tr>
  );
}
