import { formatMomentNear, formatSpan, type Zone } from '../format/moments.js';
import type { Lead } from './leads.js';

/** More than that, and one looks at the chart. */
const MOST_ROWS = 50;

/** Who led when, the newest first: what the bands of the chart show. */
export function LeadsTable({
  leads,
  zone,
}: {
  readonly leads: readonly Lead[];
  readonly zone: Zone;
}) {
  const rows = leads.toReversed().slice(0, MOST_ROWS);
  const near = leads.at(-1)?.to ?? 0;
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label="Who led">
      <table className="leads">
        <caption>
          {leads.length > rows.length
            ? `Who led, the newest ${rows.length} of ${leads.length}`
            : 'Who led, the newest first'}
        </caption>
        <thead>
          <tr>
            <th scope="col">Lead</th>
            <th scope="col" className="number">
              From
            </th>
            <th scope="col" className="number">
              For
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ asset, from, to }) => (
            <tr key={from}>
              <th scope="row">{asset}</th>
              <td className="number">{formatMomentNear(from, near, zone)}</td>
              <td className="number">{formatSpan(to - from)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
