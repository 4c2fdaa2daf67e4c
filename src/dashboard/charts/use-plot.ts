import { useEffect, type RefObject } from 'react';
import type UPlot from 'uplot';
import type { AlignedData } from 'uplot';
import { useThemeChanges } from '../parts/theme.js';
import { mainAxis } from './axes.js';
import { Palette } from './colours.js';
import { listenToPointers } from './gestures.js';
import { listenToLevel } from './level-drag.js';
import { createPlot } from './plot.js';
import type { Pointed } from './pointed.js';
import type { Shown, TimeRange } from './types.js';

/** What people do with a chart. */
export interface ChartActs {
  readonly onRange: (range: TimeRange) => void;
  readonly onReset: () => void;
  readonly onNumbers: () => void;
  readonly takesWheel: boolean;
  /** Of its first level, where that can be dragged. */
  readonly onLevel?: ((value: number) => void) | undefined;
}

interface PlotParts {
  readonly plot: RefObject<UPlot | null>;
  readonly host: RefObject<HTMLDivElement | null>;
  readonly shown: RefObject<Shown>;
  readonly acts: RefObject<ChartActs>;
  readonly data: AlignedData;
  readonly pointed: Pointed;
  readonly group: string;
}

/** What of a content makes another plot; all else is drawn on the one that there is. */
function structureOf({ lines, candles, hasTimes }: Shown): string {
  return JSON.stringify([
    candles !== undefined,
    hasTimes,
    lines.map(({ name, axis, colour, fill }) => [name, axis, colour, fill]),
  ]);
}

/** Draws on an element, for as long as it is on the page, whatever its size and the page's theme. */
export function usePlot(parts: PlotParts, now: Shown): void {
  const { plot, host, shown, acts, data, pointed, group } = parts;
  const structure = structureOf(now);
  const theme = useThemeChanges();

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const probe = document.createElement('span');
    probe.hidden = true;
    element.append(probe);
    const made = createPlot(
      {
        element,
        height: Math.max(1, element.clientHeight),
        palette: new Palette(probe),
        group,
        shown: () => shown.current,
        onPointed: (place) => pointed.set(place),
        onRange: (range) => acts.current.onRange(range),
        onReset: () => acts.current.onReset(),
      },
      data,
    );
    plot.current = made;
    const unlisten = listenToPointers(made, {
      range: () => shown.current.range,
      onRange: (range) => acts.current.onRange(range),
      takesWheel: () => acts.current.takesWheel,
    });
    const undrag = listenToLevel(made, {
      level: () => (acts.current.onLevel ? (shown.current.levels?.[0]?.value ?? null) : null),
      axis: mainAxis(shown.current),
      onLevel: (value) => acts.current.onLevel?.(value),
    });
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0) made.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      unlisten();
      undrag();
      made.destroy();
      probe.remove();
      pointed.set(null);
      plot.current = null;
    };
    // The data is set below, and each time anew; colours are read as a plot is made.
  }, [structure, theme, group]);

  useEffect(() => {
    plot.current?.setData(data, true);
  }, [plot, data, now, theme]);
}
