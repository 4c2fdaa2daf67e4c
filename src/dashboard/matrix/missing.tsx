import type { ReactNode } from 'react';
import { EmptyNote } from '../parts/notes.js';
import { show } from '../use-view-state.js';
import type { MatrixSource } from '../wanted-by.js';
import type { Grid } from './grid.js';
import { spanWords } from './kinds.js';
import type { ShownCycle } from './use-shown.js';

/** Why there is nothing to see of a matrix, and what to do; null where there is something. */
export function missingOf(
  { table, previousTurn }: ShownCycle,
  { matrix, window }: MatrixSource,
  grid: Grid,
): ReactNode {
  if (grid.bases.length === 0) {
    return (
      <EmptyNote title="No asset matches">
        <button type="button" onClick={() => show({ filter: '' })}>
          Show all assets
        </button>
      </EmptyNote>
    );
  }
  if (table.kind === 'ID_PCT' && previousTurn === null) {
    return (
      <EmptyNote title="A first turn has no change">
        <p>There is none before it. The next turn has one.</p>
      </EmptyNote>
    );
  }
  if (matrix?.over && table.against === null) {
    return (
      <EmptyNote title={`No turn is stored ${spanWords(matrix.over)} before this one`}>
        <p>The past 24 hours are known from the exchange.</p>
        <button type="button" onClick={() => show({ over: null })}>
          Show 24 h
        </button>
      </EmptyNote>
    );
  }
  if (window && table.values.every((row) => row.every((value) => value === null))) {
    return (
      <EmptyNote title={`Too little is stored of the last ${spanWords(window.over)}`}>
        <p>It takes three buckets of {spanWords(window.every)}, and the prices before them.</p>
        <button type="button" onClick={() => show({ windowOver: '1h', windowEvery: '1m' })}>
          Show 1 h by 1 min
        </button>
      </EmptyNote>
    );
  }
  return null;
}
