import { useEffect, useRef, useState } from 'react';
import type { TimeRange } from '../charts/types.js';
import { show, useViewState } from '../use-view-state.js';
import { rangeText } from './address.js';

/** A range that is zoomed or moved is asked for once it has kept still for so long, milliseconds. */
const SETTLED_MS = 150;

/**
 * What is zoomed and moved to: at once on the page, and in the address once it keeps still.
 */
export function useGesture(): {
  readonly range: TimeRange | null;
  readonly onRange: (from: number, to: number) => void;
} {
  const { from, to, range: name } = useViewState();
  const address = `${name} ${from} ${to}`;
  const [gesture, setGesture] = useState<{ range: TimeRange; address: string } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Another address than that it began with is what it came to, or was chosen since.
  const range = gesture?.address === address ? gesture.range : null;
  return {
    range,
    onRange(begin, end) {
      setGesture({ range: { from: begin, to: end }, address });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => show(rangeText({ from: begin, to: end }), true), SETTLED_MS);
    },
  };
}
