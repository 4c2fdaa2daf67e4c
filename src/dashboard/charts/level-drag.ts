import type UPlot from 'uplot';

/** How far from its line a level can be taken hold of, pixels. */
const NEAR_PX = 6;

interface LevelDrag {
  /** Null where there is none, or none that can be dragged. */
  readonly level: () => number | null;
  readonly axis: 'left' | 'right';
  readonly onLevel: (value: number) => void;
}

/**
 * Has a level dragged by its line, with a pointer or a finger. Whoever has neither types it: a chart
 * says where that is done.
 * @returns ends it
 */
export function listenToLevel(plot: UPlot, { level, axis, onLevel }: LevelDrag): () => void {
  const { over } = plot;
  const handle = document.createElement('div');
  handle.className = 'level-handle';
  handle.ariaHidden = 'true';
  handle.style.height = `${2 * NEAR_PX}px`;
  over.append(handle);

  const place = (): void => {
    const value = level();
    handle.hidden = value === null;
    if (value !== null) handle.style.top = `${plot.valToPos(value, axis) - NEAR_PX}px`;
  };
  const ending = new AbortController();
  const { signal } = ending;
  handle.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      // The plot would begin to select a stretch of time.
      event.preventDefault();
      event.stopPropagation();
      handle.setPointerCapture(event.pointerId);
      const drag = ({ clientY }: PointerEvent): void => {
        const { top, height } = over.getBoundingClientRect();
        onLevel(plot.posToVal(Math.max(0, Math.min(height, clientY - top)), axis));
      };
      handle.addEventListener('pointermove', drag, { signal });
      const end = (): void => handle.removeEventListener('pointermove', drag);
      handle.addEventListener('lostpointercapture', end, { once: true, signal });
    },
    { signal },
  );
  const hooks = (plot.hooks.draw ??= []);
  hooks.push(place);
  place();
  return () => {
    ending.abort();
    hooks.splice(hooks.indexOf(place), 1);
    handle.remove();
  };
}
