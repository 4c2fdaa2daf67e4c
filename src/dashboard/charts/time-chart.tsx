import { useId, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import type UPlot from 'uplot';
import type { AlignedData } from 'uplot';
// Before the plot: where the browser's own locale is none, its library would not load.
import '../format/locale.js';
import './charts.css';
import { formatMoment, useZone } from '../format/moments.js';
import { aligned } from './aligned.js';
import { actOnKey } from './gestures.js';
import { NumbersTable } from './numbers-table.js';
import { Pointed } from './pointed.js';
import { extentOf } from './ranges.js';
import { itemsAt, lastWithin, Readout } from './readout.js';
import type { ChartContent, Shown, TimeRange } from './types.js';
import { usePlot, type ChartActs } from './use-plot.js';

export type * from './types.js';

interface TimeChartProps extends ChartContent {
  readonly label: string;
  /** In pixels; `fill` takes the room that there is. */
  readonly height: number | 'fill';
  /** Milliseconds since 1970; without them, all that there is. */
  readonly from?: number;
  readonly to?: number;
  /** Zoomed or moved: whoever listens says what is shown then. Without it, the chart does so itself. */
  readonly onRange?: (from: number, to: number) => void;
  /** Back to where it began. */
  readonly onReset?: () => void;
  /** The first level is dragged: whoever listens says where it is then, and has it typed, too. */
  readonly onLevel?: (value: number) => void;
  /** Charts of the same name have their crosshairs in step. */
  readonly group?: string;
  /** Whether the wheel zooms by itself; else only with Ctrl, so that one can scroll past the chart. */
  readonly takesWheel?: boolean;
  /** Whether moments stand below it; those of charts one above the other need to only once. */
  readonly hasTimes?: boolean;
}

/** Lines and candles over time. */
export function TimeChart(props: TimeChartProps) {
  const { label, height, group = 'view', takesWheel = false, hasTimes = true } = props;
  const { lines, candles, bands, marks, levels, turnAt, onRange, onReset, onLevel } = props;
  const zone = useZone();
  const [own, setOwn] = useState<TimeRange | null>(null);
  const [hasNumbers, setNumbers] = useState(false);
  const [pointed] = useState(() => new Pointed());
  const range = useRange(props, own);
  const data = useData(lines, candles, range);
  const now = useMemo(
    (): Shown => ({ lines, candles, bands, marks, levels, turnAt, range, zone, hasTimes }),
    [lines, candles, bands, marks, levels, turnAt, range, zone, hasTimes],
  );
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const shown = useRef(now);
  const actsNow: ChartActs = {
    onRange(next) {
      // At once, so that the next notch of a wheel goes on from here.
      shown.current = { ...shown.current, range: next };
      if (onRange) onRange(next.from, next.to);
      else setOwn(next);
    },
    onReset() {
      if (!onRange) setOwn(null);
      onReset?.();
    },
    onNumbers: () => setNumbers((before) => !before),
    takesWheel,
    onLevel,
  };
  const acts = useRef(actsNow);
  useLayoutEffect(() => {
    shown.current = now;
    acts.current = actsNow;
  });
  usePlot({ plot, host, shown, acts, data, pointed, group }, now);

  return (
    <figure className={height === 'fill' ? 'time-chart fill' : 'time-chart'}>
      <figcaption>
        <strong>{label}</strong>
        <Readout content={now} data={data} range={range} pointed={pointed} />
        <button
          type="button"
          className="small numbers-button"
          aria-label={`Numbers of ${label}`}
          aria-expanded={hasNumbers}
          onClick={actsNow.onNumbers}
        >
          Numbers
        </button>
      </figcaption>
      <PlotHost
        {...{ host, label, now, data, pointed }}
        height={height === 'fill' ? undefined : height}
        onKey={(event) =>
          plot.current !== null &&
          actOnKey(plot.current, event, { ...actsNow, range: () => shown.current.range })
        }
      />
      {hasNumbers && (
        <NumbersTable
          {...{ label, content: now, data, range }}
          onClose={() => {
            setNumbers(false);
            host.current?.focus();
          }}
        />
      )}
    </figure>
  );
}

interface PlotHostProps {
  readonly host: Ref<HTMLDivElement>;
  readonly label: string;
  readonly now: Shown;
  readonly data: AlignedData;
  readonly pointed: Pointed;
  readonly height: number | undefined;
  /** @returns whether the key was one of the chart's */
  readonly onKey: (event: KeyboardEvent) => boolean;
}

/** What is drawn on: to whoever hears it, a slider over its moments. */
function PlotHost({ host, label, now, data, pointed, height, onKey }: PlotHostProps) {
  const hints = useId();
  const index = useSyncExternalStore(pointed.subscribe, pointed.get)?.index ?? null;
  const { range, zone } = now;
  const at = index ?? lastWithin(data, range);
  const time = at === null ? undefined : data[0][at];
  const words =
    at === null || time === undefined
      ? 'no values'
      : [
          formatMoment(time, zone),
          ...itemsAt(now, data, at).map(({ name, text }) => `${name} ${text}`),
        ].join(', ');
  return (
    <>
      <div
        ref={host}
        className="plot"
        style={{ height }}
        tabIndex={0}
        role="slider"
        aria-label={label}
        aria-describedby={hints}
        aria-valuemin={Math.round(range.from)}
        aria-valuemax={Math.round(range.to)}
        aria-valuenow={Math.round(time ?? range.to)}
        aria-valuetext={words}
        onKeyDown={(event) => {
          if (!onKey(event)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <p id={hints} className="hidden">
        Arrows point, with Shift they move; plus and minus zoom, 0 goes back, n shows the numbers.
      </p>
    </>
  );
}

function useRange({ from, to, lines, candles }: TimeChartProps, own: TimeRange | null): TimeRange {
  return useMemo(() => {
    if (own) return own;
    if (from !== undefined && to !== undefined) return { from, to };
    const times = [...lines, ...(candles ? [candles] : [])].map((each) => each.times);
    const all = extentOf(times);
    return { from: from ?? all.from, to: to ?? all.to };
  }, [own, from, to, lines, candles]);
}

function useData(
  lines: ChartContent['lines'],
  candles: ChartContent['candles'],
  { from, to }: TimeRange,
): AlignedData {
  const data = useMemo(() => aligned({ lines, candles }), [lines, candles]);
  const isEmpty = data[0].length === 0;
  // A plot without a moment has no axis: an empty one has the ends of its range.
  const [left, right] = isEmpty ? [from, to] : [0, 0];
  return useMemo(() => {
    if (!isEmpty) return data;
    return [[left, right], ...data.slice(1).map(() => [null, null])] as AlignedData;
  }, [data, isEmpty, left, right]);
}
