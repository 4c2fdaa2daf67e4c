import { useSyncExternalStore } from 'react';
import type { AlignedData } from 'uplot';
import { formatMoment, useZone } from '../format/moments.js';
import { formatNumber } from '../format/numbers.js';
import { CANDLE_COLUMNS } from './aligned.js';
import { colourOf, dashOf } from './colours.js';
import { toldAt } from './fills.js';
import type { Pointed } from './pointed.js';
import { precisionOf } from './time-axis.js';
import type { ChartContent, TimeRange } from './types.js';

/** What a chart says of one moment. */
export interface ReadoutItem {
  readonly name: string;
  readonly text: string;
  readonly colour: string | null;
  readonly dash: readonly number[];
}

/**
 * What each line is at a point; where it has no moment of its own there, what it was at the one before.
 * @param index the place in the chart's data
 */
export function itemsAt(
  content: ChartContent,
  data: AlignedData,
  index: number,
): readonly ReadoutItem[] {
  const { candles, lines } = content;
  const valueOf = (column: number): number | null => {
    const values = data[column] ?? [];
    let at = index;
    while (at >= 0 && values[at] === undefined) at--;
    return values[at] ?? null;
  };
  const skipped = candles ? CANDLE_COLUMNS : 0;
  const ofCandles = candles
    ? (['open', 'high', 'low', 'close'] as const).map((name, at): ReadoutItem => {
        const value = valueOf(at + 1);
        return { name, text: value === null ? '–' : candles.format(value), colour: null, dash: [] };
      })
    : [];
  const ofLines = lines.map((line, at): ReadoutItem => {
    const { name, format, colour, times, told } = line;
    const value = told
      ? toldAt(line, times.indexOf(data[0][index] ?? NaN))
      : valueOf(1 + skipped + at);
    return {
      name,
      text: value === null ? '–' : format(value),
      colour: colourOf(colour, at),
      dash: dashOf(at),
    };
  });
  return [...ofCandles, ...ofLines];
}

/** The last point within a range; null where there is none. */
export function lastWithin(data: AlignedData, { from, to }: TimeRange): number | null {
  const times = data[0];
  for (let at = times.length - 1; at >= 0; at--) {
    const time = times[at] ?? Infinity;
    if (time > to) continue;
    return time >= from ? at : null;
  }
  return null;
}

interface ReadoutProps {
  readonly content: ChartContent;
  readonly data: AlignedData;
  readonly range: TimeRange;
  readonly pointed: Pointed;
}

/** The numbers at the crosshair, or the last ones. */
export function Readout({ content, data, range, pointed }: ReadoutProps) {
  const zone = useZone();
  const place = useSyncExternalStore(pointed.subscribe, pointed.get);
  const shown = place?.index ?? lastWithin(data, range);
  const at = shown === null ? undefined : data[0][shown];
  if (shown === null || at === undefined) return null;
  const turn = content.turnAt?.(at) ?? null;
  const bands = (content.bands ?? []).filter(({ from, to, isGap = false }) => {
    // The last number is there although its bucket may have begun in a gap.
    const moment = place?.at ?? (isGap ? NaN : at);
    return isGap ? from < moment && moment < to : from <= moment && moment <= to;
  });
  return (
    <span className={place === null ? 'readout' : 'readout pointed'}>
      <time dateTime={new Date(at).toISOString()}>
        {formatMoment(at, zone, precisionOf(range.to - range.from))}
      </time>
      {turn !== null && <small className="quiet"> turn {formatNumber(turn, 0)}</small>}
      {itemsAt(content, data, shown).map(({ name, text, colour, dash }, place) => (
        <span key={`${place} ${name}`} className="readout-item">
          {colour !== null && content.lines.length > 1 && <Swatch colour={colour} dash={dash} />}
          <span className="quiet">{name}</span> <span className="value">{text}</span>
        </span>
      ))}
      {bands.map(({ name, from }) => (
        <span key={`${from} ${name}`} className="readout-item quiet">
          {name}
        </span>
      ))}
    </span>
  );
}

/** How a line is drawn. */
function Swatch({ colour, dash }: { readonly colour: string; readonly dash: readonly number[] }) {
  return (
    <svg className="swatch" width="18" height="8" aria-hidden="true">
      <line
        x1="0"
        y1="4"
        x2="18"
        y2="4"
        strokeDasharray={dash.join(' ')}
        style={{ stroke: `var(${colour})` }}
      />
    </svg>
  );
}
