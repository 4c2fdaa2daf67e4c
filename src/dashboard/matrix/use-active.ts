import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import { focusCell, moveOf, positionIn, type Position } from './grid-moves.js';
import { pairAt, type Grid, type Pair } from './grid.js';
import type { PairName } from './heatmap-row.js';
import type { Pointed } from './pointed.js';

interface Doing {
  readonly grid: Grid;
  readonly chosen: PairName | null;
  readonly pointed: Pointed;
  readonly onChoose: (pair: Pair) => void;
  readonly onOpen: (pair: Pair) => void;
  readonly onClear: () => void;
  readonly sortBy: (place: Position) => void;
}

/** What scrolls along an axis, as far as a place is in the page. */
interface Axis {
  readonly scrollToIndex: (index: number) => void;
}

/** The cell that has the focus, or would get it, and what keys do there. */
export function useActive(
  { grid, chosen, pointed, onChoose, onOpen, onClear, sortBy }: Doing,
  scroller: RefObject<HTMLElement | null>,
  { rows, columns }: { readonly rows: Axis; readonly columns: Axis },
) {
  // By name: it stays with its pair when rows and columns are sorted anew.
  const [active, setActive] = useState<PairName | null>(chosen && sides(chosen, grid));
  const at = placeOf(active, grid);

  const go = (target: Position, tries?: number): void => {
    setActive({ base: grid.bases[target.row] ?? '', quote: grid.quotes[target.column] ?? '' });
    if (target.row >= 0) rows.scrollToIndex(target.row);
    if (target.column >= 0) columns.scrollToIndex(target.column);
    focusCell(scroller.current, target, tries);
  };
  const act = (): void => {
    if (at.row < 0 || at.column < 0) return sortBy(at);
    const pair = pairAt(grid, at.row, at.column);
    const isChosen = chosen?.base === pair.base && chosen.quote === pair.quote;
    if (isChosen) onOpen(pair);
    else onChoose(pair);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = moveOf(event.key, at, grid, event.ctrlKey);
    if (target) {
      event.preventDefault();
      go(target);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      act();
    } else if (event.key === 'Escape') {
      if (pointed.get()) pointed.set(null);
      else onClear();
    }
  };
  /** The focus came into a cell, by whatever way. */
  const take = (target: EventTarget): void => {
    const { row, column } = positionIn(target) ?? at;
    if (row === at.row && column === at.column) return;
    setActive({ base: grid.bases[row] ?? '', quote: grid.quotes[column] ?? '' });
  };
  return { at, go, take, onKeyDown };
}

/** Goes to the cell of a pair once it is there, where one comes back to it. */
export function useReturn(
  pair: PairName | null,
  grid: Grid,
  go: (target: Position, tries?: number) => void,
): void {
  useEffect(() => {
    if (pair) go(placeOf(sides(pair, grid), grid), 20);
    // Once: when one has come back.
  }, []);
}

/** The row and the column of a pair. */
function sides({ base, quote }: PairName, { transposed }: Grid): PairName {
  return transposed ? { base: quote, quote: base } : { base, quote };
}

/** The place by its names: a header where a name is empty, the first where it is not there. */
function placeOf(name: PairName | null, { bases, quotes }: Grid): Position {
  if (!name) return { row: 0, column: 0 };
  const row = name.base === '' ? -1 : Math.max(0, bases.indexOf(name.base));
  const column = name.quote === '' ? -1 : Math.max(0, quotes.indexOf(name.quote));
  return { row, column };
}
