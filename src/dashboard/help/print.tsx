import { useViewState } from '../use-view-state.js';
import { PrintMatrix } from './print-matrix.js';
import { PrintTitle } from './print-title.js';
import { usePrinting } from './use-printing.js';

/** What is on paper alone: from when it is, and the matrix as numbers. */
export function Print() {
  const isPrinting = usePrinting();
  const { view } = useViewState();
  if (!isPrinting) return null;
  return (
    <>
      <PrintTitle />
      {view === 'matrix' && <PrintMatrix />}
    </>
  );
}
