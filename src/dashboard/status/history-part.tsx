import {
  HistoryExtentDocument,
  TimeGapsDocument,
  type HistoryExtentQuery,
} from '../../generated/operations.js';
import { useAskedAgain } from '../api/use-asked-again.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatSpan, useZone } from '../format/moments.js';
import { ErrorNote, Waiting } from '../parts/notes.js';
import type { Gap } from '../time/read-gaps.js';
import { Fact, Part, sizeWords } from './facts.js';

/** Where missing time is looked for, how often that is, and how much of it is listed. */
const GAPS_IN = { from: 'now-1d', to: 'now', longerThan: null };
const GAPS_EVERY_MS = 60_000;
const MOST_GAPS = 20;

type Extent = NonNullable<HistoryExtentQuery['history']>;

/** What is stored, what of it is sealed, and where time is missing. */
export function HistoryPart() {
  const { data, isWaiting, error, again } = useAskedAgain(HistoryExtentDocument, {});
  const missing = useAskedAgain(TimeGapsDocument, GAPS_IN, GAPS_EVERY_MS);
  return (
    <Part name="History">
      <Waiting is={isWaiting && !data} label="Loading the history" />
      {error && <ErrorNote error={error} again={again} />}
      {data?.history && <ExtentFacts extent={data.history} />}
      {missing.error && <ErrorNote error={missing.error} again={missing.again} />}
      {missing.data?.gaps && <Gaps gaps={missing.data.gaps} />}
    </Part>
  );
}

function ExtentFacts({ extent }: { readonly extent: Extent }) {
  const zone = useZone();
  const { bytes, cycles, firstAt, lastAt, oldestTurn, latestTurn, sealedThrough } = extent;
  const whole = (value: number): string => formatNumber(value, 0);
  return (
    <dl className="status-facts">
      <Fact name="Cycles">{whole(cycles)}</Fact>
      <Fact name="Turns">
        {oldestTurn === null || latestTurn === null
          ? 'none'
          : `${whole(oldestTurn)} to ${whole(latestTurn)}`}
      </Fact>
      <Fact name="From">{formatMoment(firstAt, zone, 'second')}</Fact>
      <Fact name="To">{formatMoment(lastAt, zone, 'second')}</Fact>
      <Fact name="On disk">{sizeWords(bytes)}</Fact>
      <Fact name="Sealed">
        {sealedThrough === null ? 'nothing yet' : `through turn ${whole(sealedThrough)}`}
      </Fact>
    </dl>
  );
}

function Gaps({ gaps }: { readonly gaps: readonly Gap[] }) {
  const zone = useZone();
  if (gaps.length === 0) return <p className="quiet">No time is missing in the last 24 h.</p>;
  const shown = gaps.slice(-MOST_GAPS).toReversed();
  return (
    <>
      <h4>
        Missing time <span className="quiet">in the last 24 h, the newest first</span>
      </h4>
      <div className="scroller" tabIndex={0} role="region" aria-label="Missing time">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col" className="number">
                Missing
              </th>
              <th scope="col">Turns</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ afterTurn, beforeTurn, from, to, reasons }) => (
              <tr key={afterTurn}>
                <td>{formatMoment(from, zone, 'second')}</td>
                <td>{formatMoment(to, zone, 'second')}</td>
                <td className="number">{formatSpan(Date.parse(to) - Date.parse(from))}</td>
                <td>
                  {afterTurn} → {beforeTurn}
                </td>
                <td>{whyWords(reasons)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {gaps.length > shown.length && (
        <p className="quiet">{gaps.length - shown.length} older ones are not listed.</p>
      )}
    </>
  );
}

function whyWords(reasons: Gap['reasons']): string {
  if (reasons.length === 0) return 'no instance ran';
  return reasons.map(({ count, message }) => `${count} × ${message}`).join('; ');
}
