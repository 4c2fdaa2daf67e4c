import { useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import type { MatrixTableFragment } from '../../generated/operations.js';
import { readWhole, type CycleMatrix } from '../api/use-cycle.js';
import { gridToCsv, pairsToCsv } from '../csv.js';
import { download } from '../download.js';
import type { Grid, Pair } from './grid.js';

interface Seen {
  readonly cycle: CycleMatrix;
  /** The turn that is taken away, if any. */
  readonly against: CycleMatrix | null;
  /** Tables as they are seen. */
  readonly arranged: (matrix: MatrixTableFragment, minus: MatrixTableFragment | null) => Grid;
  /** The pairs that are listed of it; null where the table itself is seen. */
  readonly listed: (grid: Grid) => readonly Pair[] | null;
}

/** Downloads of what is seen, with all digits: those are read for it. */
export function useDownload({ cycle, against, arranged, listed }: Seen) {
  const client = useClient();
  const [error, setError] = useState<CombinedError | null>(null);
  const { turn, observedAt, exchange, matrix } = cycle;
  const { kind, unit } = matrix;
  const name = `dynamics-${kind.toLowerCase()}-turn-${turn}`;

  const withAll = (save: (grid: Grid) => void) => async (): Promise<void> => {
    try {
      const [whole, minus] = await Promise.all([
        readWhole(client, turn, kind),
        against && readWhole(client, against.turn, kind),
      ]);
      setError(null);
      save(arranged(whole, minus));
    } catch (failure) {
      setError(failure as CombinedError);
    }
  };

  const json = withAll((grid) => {
    const pairs = listed(grid);
    const head = { turn, against: against?.turn ?? null, observedAt, exchange, kind, unit };
    const content = { ...head, ...(pairs ? { pairs } : grid) };
    download(`${name}.json`, 'application/json', JSON.stringify(content, null, 1));
  });
  const csv = withAll((grid) => {
    const pairs = listed(grid);
    download(`${name}.csv`, 'text/csv', pairs ? pairsToCsv(pairs) : gridToCsv(grid));
  });
  return { json, csv, error };
}
