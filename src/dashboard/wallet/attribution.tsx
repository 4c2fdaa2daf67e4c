import { formatMomentNear, type Zone } from '../format/moments.js';
import { formatNumber } from '../format/numbers.js';
import { Term } from '../help/term.js';
import { assetGrowth, growthOf, type Attribution, type Growth } from './growth.js';
import { decimalsOfWorth } from './worth.js';

/** What made the value of the wallet change: by asset, and the sums from its value before to that after. */
export function AttributionTable({
  attribution,
  at,
  zone,
}: {
  readonly attribution: Attribution;
  /** The moment that is looked at, milliseconds since 1970. */
  readonly at: number;
  readonly zone: Zone;
}) {
  const { assets, total, startValue, endValue, starts } = attribution;
  const rows = assetGrowth(assets);
  const sums = growthOf(total);
  const decimals = decimalsOfWorth([startValue, endValue]);
  const worth = (value: number): string => formatNumber(value, decimals);
  const cells = (growth: Growth) =>
    PARTS.map((part) => (
      <td key={part} className="number">
        {formatNumber(growth[part], decimals, { signed: true })}
      </td>
    ));
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="What made it change">
      <table className="attribution">
        <caption className="hidden">
          What made the value of the wallet change, in {attribution.in}
        </caption>
        <thead>
          <tr>
            <th scope="col">{attribution.in}</th>
            <th scope="col" className="number" title="The amount held, times how its price moved">
              Market
            </th>
            <th scope="col" className="number" title="What came, went or was traded: no gain">
              Flow
            </th>
            <th scope="col" className="number" title="Where there was no price to tell by">
              Unpriced
            </th>
            <th scope="col" className="number">
              <Term name="attribution">Change</Term>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.asset}>
              <th scope="row">{row.asset}</th>
              {cells(row)}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            {cells(sums)}
          </tr>
          <tr>
            <th scope="row">Worth</th>
            <td colSpan={4} className="number">
              {worth(startValue)} <span className="quiet">at</span>{' '}
              {formatMomentNear(starts[0] ?? null, at, zone, 'minute')}{' '}
              <span aria-hidden="true">→</span>
              <span className="hidden">, then</span> {worth(endValue)}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

const PARTS = ['price', 'flow', 'unpriced', 'sum'] as const;
