import { useVirtualizer, type Range, type Virtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';
import type { Grid } from './grid.js';
import { CELL_HEIGHT, CELL_WIDTH, HEADER_WIDTH } from './heatmap-row.js';

/** Rows and columns are put into the page, and taken out, so many at a time. */
const BLOCK = 4;
/** Rows and columns outside the window that are in the page all the same, at least. */
const MARGIN = 2;

type Axis = Virtualizer<HTMLDivElement, Element>;

/** Which rows and columns of a grid are in the page: those in the window of what scrolls, and some more. */
export function useWindow(
  { bases, quotes }: Pick<Grid, 'bases' | 'quotes'>,
  scroller: RefObject<HTMLDivElement | null>,
): { readonly rows: Axis; readonly columns: Axis } {
  const rows = useVirtualizer<HTMLDivElement, Element>({
    count: bases.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_HEIGHT,
    rangeExtractor: wholeBlocks,
    scrollPaddingStart: CELL_HEIGHT,
  });
  const columns = useVirtualizer<HTMLDivElement, Element>({
    horizontal: true,
    count: quotes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL_WIDTH,
    rangeExtractor: wholeBlocks,
    scrollPaddingStart: HEADER_WIDTH,
  });
  return { rows, columns };
}

/** The blocks that the window and its margin are in, whole. */
function wholeBlocks({ startIndex, endIndex, count }: Range): number[] {
  const first = Math.floor(Math.max(0, startIndex - MARGIN) / BLOCK) * BLOCK;
  const end = Math.min(count, Math.ceil((endIndex + 1 + MARGIN) / BLOCK) * BLOCK);
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
}
