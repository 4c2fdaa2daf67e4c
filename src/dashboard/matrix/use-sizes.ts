import { useMemo, useState } from 'react';
import type { CellLook } from './heatmap-row.js';
import { measureGlyphs, neededWidths, sizesOf, type Room, type Sizes } from './sizes.js';

/** Where columns and rows stand. Columns only become wider while the same is shown: nothing trembles. */
export function useSizes(
  { grid, kind, of, digits }: Pick<CellLook, 'grid' | 'kind' | 'of' | 'digits'>,
  room: Room,
): Sizes {
  const [glyphs] = useState(measureGlyphs);
  const needed = useMemo(
    () => neededWidths(kind, grid, digits, glyphs),
    [kind, grid, digits, glyphs],
  );
  const what = `${of} ${grid.quotes.join()}`;
  const [widest, setWidest] = useState({ what, widths: needed });
  if (widest.what !== what) setWidest({ what, widths: needed });
  else if (needed.some((width, column) => width > (widest.widths[column] ?? 0))) {
    const widths = needed.map((width, column) => Math.max(width, widest.widths[column] ?? 0));
    setWidest({ what, widths });
  }
  const { widths } = widest;
  const names = grid.bases.join();
  return useMemo(
    () => sizesOf({ bases: names.split(',') }, widths, room, glyphs),
    [names, widths, room, glyphs],
  );
}
