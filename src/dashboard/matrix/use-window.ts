import { useVirtualizer, type Range, type Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, type RefObject } from 'react';
import type { Grid } from './grid.js';
import type { Offset, ScrollOffset } from './scroll-offset.js';
import { BLOCK, HEADER_HEIGHT, type Sizes } from './sizes.js';

/** Rows and columns outside the window that are in the page all the same, at least. */
const MARGIN = 1;

type Axis = Virtualizer<HTMLDivElement, Element>;

/** Which rows and columns of a grid are in the page: those in the window of what scrolls, and some more. */
export function useWindow(
  { bases, quotes }: Pick<Grid, 'bases' | 'quotes'>,
  { rowHeight, headerWidth, lefts }: Sizes,
  scroller: RefObject<HTMLDivElement | null>,
  scrolled: ScrollOffset,
): { readonly rows: Axis; readonly columns: Axis } {
  const down = useMemo(() => along(scrolled, 'top'), [scrolled]);
  const across = useMemo(() => along(scrolled, 'left'), [scrolled]);
  const rows = useVirtualizer<HTMLDivElement, Element>({
    count: bases.length,
    observeElementOffset: down,
    useFlushSync: false,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    rangeExtractor: wholeBlocks,
    scrollPaddingStart: HEADER_HEIGHT,
  });
  const columns = useVirtualizer<HTMLDivElement, Element>({
    horizontal: true,
    count: quotes.length,
    observeElementOffset: across,
    useFlushSync: false,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lefts[index + 1] ?? 0) - (lefts[index] ?? 0),
    rangeExtractor: wholeBlocks,
    scrollPaddingStart: headerWidth,
  });
  useLayoutEffect(() => rows.measure(), [rows, rowHeight]);
  useLayoutEffect(() => columns.measure(), [columns, lefts]);
  return { rows, columns };
}

/** Follows one side of an offset. That it moves is not told: to know where it rests, its size would be read. */
function along(scrolled: ScrollOffset, side: keyof Offset) {
  return ({ scrollElement }: Axis, report: (offset: number, isScrolling: boolean) => void) =>
    scrollElement
      ? scrolled.follow(scrollElement, (offset) => report(offset[side], false))
      : undefined;
}

/** The blocks that the window and its margin are in, whole. */
function wholeBlocks({ startIndex, endIndex, count }: Range): number[] {
  const first = Math.floor(Math.max(0, startIndex - MARGIN) / BLOCK) * BLOCK;
  const end = Math.min(count, Math.ceil((endIndex + 1 + MARGIN) / BLOCK) * BLOCK);
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
