import { useLayoutEffect, useState, type RefObject } from 'react';

/** Widths are told in steps: a window that is drawn by a pixel is not asked anew for. */
const STEP_PX = 80;

/** How wide an element is, in steps of 80 pixels; null before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = (): void =>
      setWidth(Math.max(STEP_PX, Math.round(current.clientWidth / STEP_PX) * STEP_PX));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
