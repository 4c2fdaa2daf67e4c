import {
  useEffect,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
} from 'react';
import type { TimeRange } from '../charts/types.js';
import { formatNumber } from '../format/numbers.js';
import { formatMoment, formatMomentNear, formatZone, useZone } from '../format/moments.js';
import { extentOf, gapNear, gapWords } from './gap-words.js';
import { momentAt, placeOf } from './range.js';
import type { Gap } from './read-gaps.js';
import type { ShownMoment } from './shown-moment.js';
import { ticksOf } from './ticks.js';

interface TrackProps {
  readonly range: TimeRange;
  readonly gaps: readonly Gap[];
  readonly shown: ShownMoment;
  readonly isLive: boolean;
  /** Goes by so many turns. */
  readonly step: (turns: number) => void;
  /** Goes to the last turn at or before a moment, or to `least` where that is later. */
  readonly seek: (at: number, least?: number) => void;
  readonly toOldest: () => void;
  readonly toNewest: () => void;
  readonly zoom: (steps: number) => void;
}

/** So many pixels a tick needs, with what is left free beside its label; and the label alone. */
const TICK_PX = 72;
const LABEL_PX = 56;
/** How near to a gap one has to point, and to the end of the track, pixels. */
const REACH_PX = 3;
/** A page of the track, as its part. */
const PAGE = 1 / 10;

/** Time as a line: where one is on it, where turns are missing, and days and hours. */
export function Track(props: TrackProps) {
  const { range, gaps, shown, isLive, step, seek, toOldest, toNewest, zoom } = props;
  const zone = useZone();
  const [width, track] = useWidth();
  // While one drags, the track stays as it was when one began.
  const { dragged, drag, drop } = useDrag();
  const [pointed, setPointed] = useState<number | null>(null);
  const seen = dragged?.range ?? range;
  const shownAt = shown.at === null ? null : Date.parse(shown.at);
  const at = dragged?.at ?? (isLive ? range.to : shownAt);

  const pointedAt = (event: PointerEvent<HTMLElement>): number => {
    const { left, width: wide } = event.currentTarget.getBoundingClientRect();
    return momentAt((event.clientX - left) / wide, seen);
  };
  const dragTo = (event: PointerEvent<HTMLElement>): void => {
    const next = pointedAt(event);
    drag(seen, next);
    if (isAtEnd(next)) toNewest();
    else seek(next);
  };
  const isAtEnd = (moment: number): boolean =>
    seen.to === range.to && (1 - placeOf(moment, seen)) * width <= REACH_PX;

  const page = PAGE * (range.to - range.from);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => step(-1),
    ArrowDown: () => step(-1),
    ArrowRight: () => step(1),
    ArrowUp: () => step(1),
    PageUp: () => at !== null && seek(at + page, shown.turn + 1),
    PageDown: () => at !== null && seek(at - page),
    Home: toOldest,
    End: toNewest,
    '+': () => zoom(1),
    '-': () => zoom(-1),
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  const tipAt = dragged?.at ?? pointed;
  const gapAfter = gaps.find(({ beforeTurn }) => beforeTurn === shown.turn);
  const moment = shown.at === null ? shown.lack : formatMoment(shown.at, zone);
  const valueText = [
    `${moment} ${formatZone(shown.at ?? range.to, zone)}`,
    `turn ${formatNumber(shown.turn, 0)}${isLive ? ', the newest' : ''}`,
    ...(gapAfter ? [gapWords(gapAfter, zone)] : []),
  ].join(', ');
  return (
    <div
      ref={track}
      className="track"
      role="slider"
      tabIndex={0}
      aria-label="Moment"
      aria-orientation="horizontal"
      aria-valuemin={seen.from}
      aria-valuemax={seen.to}
      aria-valuenow={Math.round(Math.min(seen.to, Math.max(seen.from, at ?? seen.to)))}
      aria-valuetext={valueText}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        dragTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) dragTo(event);
        else setPointed(pointedAt(event));
      }}
      onPointerUp={drop}
      onPointerCancel={drop}
      onPointerLeave={() => setPointed(null)}
    >
      <Ticks range={seen} width={width} />
      <Gaps range={seen} gaps={gaps} />
      {at !== null && <span className="thumb" style={placed(at, seen)} />}
      {tipAt !== null && (
        <Tip
          at={tipAt}
          range={seen}
          gaps={gaps}
          reach={(REACH_PX / Math.max(1, width)) * (seen.to - seen.from)}
        />
      )}
    </div>
  );
}

function placed(at: number, range: TimeRange): CSSProperties {
  return { left: `${100 * placeOf(at, range)}%` };
}

function Ticks({ range, width }: { readonly range: TimeRange; readonly width: number }) {
  const zone = useZone();
  return ticksOf(range.from, range.to, Math.floor(width / TICK_PX), zone).map(
    ({ at, label, isDay }) => (
      <span key={at} className={isDay ? 'tick day' : 'tick'} style={placed(at, range)}>
        {/* At the end there may be no room for it. */}
        {(1 - placeOf(at, range)) * width >= LABEL_PX && label}
      </span>
    ),
  );
}

function Gaps({ range, gaps }: { readonly range: TimeRange; readonly gaps: readonly Gap[] }) {
  return gaps.map((gap) => {
    const { from, to } = extentOf(gap);
    if (to < range.from || from > range.to) return null;
    const [start, end] = [placeOf(from, range), placeOf(to, range)];
    const style = { left: `${100 * start}%`, width: `${100 * (end - start)}%` };
    return <span key={gap.beforeTurn} className="gap" data-after={gap.afterTurn} style={style} />;
  });
}

interface TipProps {
  readonly at: number;
  readonly range: TimeRange;
  readonly gaps: readonly Gap[];
  readonly reach: number;
}

/** What is at the pointer. */
function Tip({ at, range, gaps, reach }: TipProps) {
  const zone = useZone();
  const gap = gapNear(gaps, at, reach);
  const place = placeOf(at, range);
  return (
    <span
      className="tip"
      aria-hidden="true"
      style={{ left: `${100 * place}%`, transform: `translateX(${-100 * place}%)` }}
    >
      {formatMomentNear(at, range.to, zone)}
      {gap && <span className="gap-words">{gapWords(gap, zone)}</span>}
    </span>
  );
}

/** What is dropped stays where it is for so long, until the turn there is known, milliseconds. */
const DROPPED_MS = 400;

interface Drag {
  readonly range: TimeRange;
  readonly at: number;
  readonly isOver: boolean;
}

/** Where the thumb is drawn to, and the track as it was then. */
function useDrag() {
  const [dragged, setDragged] = useState<Drag | null>(null);
  const isOver = dragged?.isOver === true;
  useEffect(() => {
    if (!isOver) return;
    const timer = setTimeout(() => setDragged(null), DROPPED_MS);
    return () => clearTimeout(timer);
  }, [isOver]);
  return {
    dragged,
    drag: (range: TimeRange, at: number) => setDragged({ range, at, isOver: false }),
    drop: () => setDragged((now) => now && { ...now, isOver: true }),
  };
}

/** How wide an element is, pixels, as it changes. */
function useWidth() {
  const [width, setWidth] = useState(0);
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(entry.contentRect.width);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [width, element] as const;
}
