import type UPlot from 'uplot';
import { moved, zoomed } from './ranges.js';
import type { TimeRange } from './types.js';

/** How much one notch of a wheel zooms: a hundred pixels are about a sixth. */
const PER_PIXEL = 0.0016;
const LINE_PX = 16;
/** What a key zooms and moves by. */
const KEY_ZOOM = 1.5;
const KEY_MOVE = 0.2;

interface Gestures {
  readonly range: () => TimeRange;
  readonly onRange: (range: TimeRange) => void;
  /** Whether the wheel zooms by itself; else only with Ctrl, so that the page can be scrolled. */
  readonly takesWheel: () => boolean;
}

/**
 * What pointers do beyond pointing and selecting: the wheel zooms, and sideways moves; a drag of the time
 * axis, or with Shift, moves; a finger moves, and two zoom.
 * @returns ends it
 */
export function listenToPointers(plot: UPlot, gestures: Gestures): () => void {
  const { range, onRange, takesWheel } = gestures;
  const { over, root } = plot;
  const ending = new AbortController();
  const { signal } = ending;
  const perPixel = (): number => (range().to - range().from) / Math.max(1, plot.rect.width);

  over.addEventListener(
    'wheel',
    (event) => {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !isSideways && !takesWheel()) return;
      event.preventDefault();
      if (isSideways) {
        const by = (event.deltaX || event.deltaY) * unit * perPixel();
        return onRange(moved(range(), by));
      }
      const at = range().from + (event.clientX - plot.rect.left) * perPixel();
      onRange(zoomed(range(), at, Math.exp(event.deltaY * unit * PER_PIXEL)));
    },
    { passive: false, signal },
  );

  const axis = root.querySelector<HTMLElement>('.u-axis');
  listenToDrag(over, true, gestures, perPixel, signal);
  if (axis) listenToDrag(axis, false, gestures, perPixel, signal);
  listenToFingers(plot, gestures, perPixel, signal);
  return () => ending.abort();
}

function listenToDrag(
  element: HTMLElement,
  needsShift: boolean,
  { range, onRange }: Gestures,
  perPixel: () => number,
  signal: AbortSignal,
): void {
  const begin = (event: PointerEvent): void => {
    if (event.pointerType === 'touch' || event.button !== 0) return;
    if (needsShift && !event.shiftKey) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    let last = event.clientX;
    const drag = (move: PointerEvent): void => {
      onRange(moved(range(), (last - move.clientX) * perPixel()));
      last = move.clientX;
    };
    element.addEventListener('pointermove', drag, { signal });
    const end = (): void => element.removeEventListener('pointermove', drag);
    element.addEventListener('lostpointercapture', end, { once: true, signal });
  };
  element.addEventListener('pointerdown', begin, { signal });
}

function listenToFingers(
  plot: UPlot,
  { range, onRange }: Gestures,
  perPixel: () => number,
  signal: AbortSignal,
): void {
  const { over } = plot;
  const fingers = new Map<number, number>();
  const spread = (): number => {
    const at = [...fingers.values()];
    return Math.max(1, Math.max(...at) - Math.min(...at));
  };
  const middle = (): number =>
    [...fingers.values()].reduce((sum, at) => sum + at, 0) / Math.max(1, fingers.size);
  over.addEventListener(
    'pointerdown',
    ({ pointerType, pointerId, clientX }) => {
      if (pointerType === 'touch') fingers.set(pointerId, clientX);
    },
    { signal },
  );
  over.addEventListener(
    'pointermove',
    ({ pointerId, clientX }) => {
      if (!fingers.has(pointerId)) return;
      const [before, wide] = [middle(), spread()];
      fingers.set(pointerId, clientX);
      const shifted = moved(range(), (before - middle()) * perPixel());
      const at = shifted.from + (middle() - plot.rect.left) * perPixel();
      onRange(fingers.size > 1 ? zoomed(shifted, at, wide / spread()) : shifted);
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const) {
    over.addEventListener(end, ({ pointerId }) => fingers.delete(pointerId), { signal });
  }
}

/** What keys do on a chart that has the focus. */
interface KeyActs {
  readonly range: () => TimeRange;
  readonly onRange: (range: TimeRange) => void;
  readonly onReset: () => void;
  readonly onNumbers: () => void;
}

/** @returns whether the key is one of the chart's */
export function actOnKey(
  plot: UPlot,
  {
    key,
    shiftKey,
    ctrlKey,
    altKey,
    metaKey,
  }: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>,
  { range, onRange, onReset, onNumbers }: KeyActs,
): boolean {
  if (altKey || metaKey) return false;
  const { from, to } = range();
  const pointed = plot.data[0][plot.cursor.idx ?? -1];
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const direction = key === 'ArrowLeft' ? -1 : 1;
      if (shiftKey) onRange(moved(range(), direction * (to - from) * KEY_MOVE));
      else pointAtNext(plot, direction * (ctrlKey ? 10 : 1), range());
      return true;
    }
    case 'Home':
      pointAt(plot, plot.valToIdx(from), range());
      return true;
    case 'End':
      pointAt(plot, plot.valToIdx(to), range());
      return true;
    case '+':
    case '=':
      onRange(zoomed(range(), pointed ?? to, 1 / KEY_ZOOM));
      return true;
    case '-':
    case '−':
      onRange(zoomed(range(), pointed ?? to, KEY_ZOOM));
      return true;
    case '0':
      onReset();
      return true;
    case 'n':
      onNumbers();
      return true;
    case 'Escape':
      if (pointed === undefined) return false;
      hideCrosshair(plot);
      return true;
    default:
      return false;
  }
}

function pointAtNext(plot: UPlot, by: number, range: TimeRange): void {
  const at = plot.cursor.idx ?? null;
  pointAt(plot, at === null ? plot.valToIdx(range.to) : at + by, range);
}

/** Moves the crosshair to a point, in all charts of the group, as a pointer would. */
function pointAt(plot: UPlot, index: number, { from, to }: TimeRange): void {
  const times = plot.data[0];
  let at = Math.max(0, Math.min(times.length - 1, index));
  while ((times[at] ?? from) < from) at++;
  while ((times[at] ?? to) > to) at--;
  const time = times[at];
  if (time === undefined || time < from || time > to) return;
  moveCrosshair(plot, plot.valToPos(time, 'x'), plot.over.clientHeight / 2);
}

function hideCrosshair(plot: UPlot): void {
  moveCrosshair(plot, -10, -10);
}

function moveCrosshair(plot: UPlot, left: number, top: number): void {
  // The third argument tells the other charts of the group.
  const setCursor = plot.setCursor.bind(plot) as (
    place: { left: number; top: number },
    fires: boolean,
    tells: boolean,
  ) => void;
  setCursor({ left, top }, true, true);
}
