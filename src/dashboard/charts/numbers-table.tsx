import { useEffect, useRef } from 'react';
import type { AlignedData } from 'uplot';
import { formatMoment, formatZone, useZone } from '../format/moments.js';
import { formatNumber } from '../format/numbers.js';
import { itemsAt } from './readout.js';
import type { ChartContent, TimeRange } from './types.js';

/** More rows than anybody reads would only make the page slow. */
const MOST_ROWS = 400;

interface NumbersTableProps {
  readonly label: string;
  readonly content: ChartContent;
  readonly data: AlignedData;
  readonly range: TimeRange;
  /** Closes it; the focus goes back to the chart. */
  readonly onClose: () => void;
}

/** What a chart shows now as numbers, the newest first. */
export function NumbersTable({ label, content, data, range, onClose }: NumbersTableProps) {
  const zone = useZone();
  const { turnAt } = content;
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => scroller.current?.focus(), []);
  const places: number[] = [];
  let inRange = 0;
  for (let at = data[0].length - 1; at >= 0; at--) {
    const time = data[0][at] ?? 0;
    if (time < range.from || time > range.to) continue;
    inRange++;
    if (places.length < MOST_ROWS) places.push(at);
  }
  const names = itemsAt(content, data, 0).map(({ name }) => name);
  return (
    <div
      ref={scroller}
      className="chart-numbers"
      tabIndex={0}
      role="region"
      aria-label={`${label} as numbers`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' && event.key !== 'n') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <table>
        <caption>
          {inRange > places.length
            ? `The newest ${places.length} of ${inRange} points; zoom in for the others.`
            : `${inRange} points, the newest first.`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Time, {formatZone(range.to, zone)}</th>
            {turnAt && (
              <th scope="col" className="number">
                Turn
              </th>
            )}
            {names.map((name, at) => (
              <th key={`${at} ${name}`} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((at) => (
            <tr key={at}>
              <th scope="row">{formatMoment(data[0][at] ?? 0, zone)}</th>
              {turnAt && (
                <td className="number quiet">{formatNumber(turnAt(data[0][at] ?? 0), 0)}</td>
              )}
              {itemsAt(content, data, at).map(({ name, text }, place) => (
                <td key={`${place} ${name}`} className="number">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
