import { useState } from 'react';
import { useClient, type CombinedError } from 'urql';
import { gridToCsv, pairsToCsv } from '../csv.js';
import { download } from '../download.js';
import type { MatrixSource } from '../wanted-by.js';
import type { Grid, Pair } from './grid.js';
import { readShown, type ShownCycle, type ShownTable } from './use-shown.js';

interface Seen {
  readonly cycle: ShownCycle | null;
  readonly source: MatrixSource;
  /** The turn that is taken away, if any. */
  readonly against: ShownCycle | null;
  /** Tables as they are seen. */
  readonly arranged: ((table: ShownTable, minus: ShownTable | null) => Grid) | null;
  /** The pairs that are listed of it; null where the table itself is seen. */
  readonly listed: (grid: Grid) => readonly Pair[] | null;
}

/** Downloads of what is seen, with all digits: those are read for it. */
export function useDownload({ cycle, source, against, arranged, listed }: Seen) {
  const client = useClient();
  const [error, setError] = useState<CombinedError | null>(null);

  const withAll = (save: (grid: Grid, from: ShownCycle) => void) => async (): Promise<void> => {
    if (!cycle || !arranged) return;
    try {
      const [whole, minus] = await Promise.all([
        readShown(client, cycle.turn, source),
        against && readShown(client, against.turn, source),
      ]);
      setError(null);
      save(arranged(whole, minus), cycle);
    } catch (failure) {
      setError(failure as CombinedError);
    }
  };

  const json = withAll((grid, from) => {
    const { turn, observedAt, exchange, table } = from;
    const { kind, unit } = table;
    const pairs = listed(grid);
    const asked =
      source.window ?? (source.matrix.over === null ? {} : { over: source.matrix.over });
    const head = { turn, against: against?.turn ?? null, observedAt, exchange, kind, unit };
    const content = { ...head, ...asked, ...(pairs ? { pairs } : grid) };
    download(`${nameOf(from)}.json`, 'application/json', JSON.stringify(content, null, 1));
  });
  const csv = withAll((grid, from) => {
    const pairs = listed(grid);
    download(`${nameOf(from)}.csv`, 'text/csv', pairs ? pairsToCsv(pairs) : gridToCsv(grid));
  });
  return { json, csv, error };
}

function nameOf({ turn, table }: ShownCycle): string {
  return `dynamics-${table.kind.toLowerCase()}-turn-${turn}`;
}
