import type { Asset, Pair, Universe } from '../domain/asset.js';
import { numberAt } from '../domain/cells.js';
import { NOWHERE } from '../domain/series/buckets.js';
import type { TurnColumns } from '../domain/series/frame-columns.js';
import { assetsOf, type Line } from '../domain/series/line.js';
import { pairsReadFor } from '../domain/series/reads.js';
import { formatSpan, HOUR } from '../domain/series/span.js';
import { SeriesFault } from './series-fault.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';

/** @throws {SeriesFault} where an answer reads too many prices, with a range that fits */
export function checkCost(
  lines: readonly Line[],
  numeraire: Asset | null,
  { first, last }: { readonly first: StoredCycle; readonly last: StoredCycle },
  allowed: number,
): void {
  const listed = [first, last].find(isReadable)?.frame.tickers ?? [];
  const pairs = new Set<Pair>(lines.flatMap((line) => pairsReadFor(line, numeraire ?? '', listed)));
  const turns = last.turn - first.turn + 1;
  const found = turns * Math.max(1, pairs.size);
  if (found <= allowed) return;
  const limit = { name: 'prices read', allowed, found };
  throw new SeriesFault(
    'from',
    `reads ${found} prices: ${fitting(first, last, allowed / found)}`,
    limit,
  );
}

function fitting(first: StoredCycle, last: StoredCycle, share: number): string {
  const ms =
    isReadable(first) && isReadable(last) ? last.frame.observedAt - first.frame.observedAt : 0;
  const hours = Math.floor((ms * share) / HOUR);
  return hours > 0 ? `a range of ${formatSpan(hours * HOUR)} fits` : 'take a shorter range';
}

/** The assets that any turn of the answer has. */
export class KnownAssets {
  readonly #assets = new Set<Asset>();
  #last: Universe | null = null;

  add({ universes, observedAt }: TurnColumns, places: Int32Array): void {
    universes.forEach((universe, index) => {
      const isIn = places[index] !== NOWHERE && !Number.isNaN(numberAt(observedAt, index));
      if (universe === null || universe === this.#last || !isIn) return;
      this.#last = universe;
      for (const asset of universe) this.#assets.add(asset);
    });
  }

  /** @throws {SeriesFault} where a line is of an asset that no turn has; where none could be read, nobody knows */
  check(lines: readonly Line[]): void {
    if (this.#assets.size === 0) return;
    for (const line of lines) {
      const unknown = assetsOf(line).find((asset) => !this.#assets.has(asset));
      if (unknown === undefined) continue;
      throw new SeriesFault(
        argumentOf(line, unknown),
        `has ${unknown}, which no turn of the range has`,
      );
    }
  }
}

/** The argument that an asset came with. */
function argumentOf(line: Line, asset: Asset): string {
  if (line.kind === 'CELL') return 'cells';
  return 'asset' in line && line.asset === asset ? 'assets' : 'in';
}
