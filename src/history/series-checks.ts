import type { Asset, Pair, Universe } from '../domain/asset.js';
import { numberAt } from '../domain/cells.js';
import { NOWHERE } from '../domain/series/buckets.js';
import type { TurnColumns } from '../domain/series/frame-columns.js';
import { assetsOf, type Line } from '../domain/series/line.js';
import { isOfFrames, pairsReadFor } from '../domain/series/reads.js';
import type { TimeRange } from '../domain/series/range.js';
import { bucketOf, bucketStart, formatSpan, type Span } from '../domain/series/span.js';
import { SeriesFault, type ExceededLimit } from './series-fault.js';
import { isReadable, type StoredCycle } from './stored-cycle.js';

/** The most prices: enough for a million turns of a cross with six candidates, some seconds in slices. */
export const MOST_READS = 12_000_000;
/** The most prices where whole frames are made of them, some 2 µs each: about a second. */
const MOST_READS_OF_FRAMES = 500_000;

interface Excess {
  readonly limit: ExceededLimit;
  /** How many turns would not be too many. */
  readonly fittingTurns: number;
}

interface Ends {
  readonly first: StoredCycle;
  readonly last: StoredCycle;
}

/** How many prices lines read of each turn, as far as can be told from the pairs at the ends of a range. */
export function pairsRead(
  lines: readonly Line[],
  numeraire: Asset | null,
  { first, last }: Ends,
): number {
  const listed = [first, last].find(isReadable)?.frame.tickers ?? [];
  const pairs = new Set<Pair>(lines.flatMap((line) => pairsReadFor(line, numeraire ?? '', listed)));
  return Math.max(1, pairs.size);
}

/**
 * By how much lines read too many prices over a range, as far as can be told from the pairs that are
 * listed at its ends; null where they do not.
 */
export function excessOf(
  lines: readonly Line[],
  numeraire: Asset | null,
  { first, last }: Ends,
  most: number,
): Excess | null {
  const prices = pairsRead(lines, numeraire, { first, last });
  const allowed = mostReadsOf(lines, most);
  const found = (last.turn - first.turn + 1) * prices;
  if (found <= allowed) return null;
  const limit = { name: 'prices read', allowed, found };
  return { limit, fittingTurns: Math.floor(allowed / prices) };
}

/** How many prices lines may read. */
export function mostReadsOf(lines: readonly Line[], most: number): number {
  return lines.some(isOfFrames) ? Math.min(most, MOST_READS_OF_FRAMES) : most;
}

/**
 * The finest part that there is of a range from some moment on, in words: as its buckets are, where one
 * of them fits.
 * @param since observedAt of the first turn that is not too many
 */
export function fittingPart(
  { from, to }: TimeRange,
  every: Span | 'turn',
  since: number,
  choose: (part: TimeRange) => Span | 'turn',
): string {
  const start = beginOf(Math.max(from, since), every);
  if (start < to) return `from: ${new Date(start).toISOString()} fits`;
  const finer = choose({ from: since, to });
  const begin = new Date(beginOf(since, finer)).toISOString();
  return `every: ${formatSpan(finer)} with from: ${begin} fits`;
}

/** The next moment at which a bucket begins. */
function beginOf(moment: number, every: Span | 'turn'): number {
  return every === 'turn' ? moment : bucketStart(bucketOf(moment - 1, every) + 1, every);
}

/** The assets that any turn of the answer has. */
export class KnownAssets {
  readonly #assets = new Set<Asset>();
  #last: Universe | null = null;

  add({ universes, observedAt }: TurnColumns, places: Int32Array): void {
    for (let index = 0; index < universes.length; index++) {
      const universe = universes[index] ?? null;
      if (universe === null || universe === this.#last) continue;
      if (places[index] === NOWHERE || Number.isNaN(numberAt(observedAt, index))) continue;
      this.addUniverse(universe);
    }
  }

  addUniverse(universe: Universe): void {
    if (universe === this.#last) return;
    this.#last = universe;
    for (const asset of universe) this.#assets.add(asset);
  }

  /**
   * @param nameOf the argument that an asset of a line came with
   * @throws {SeriesFault} where a line is of an asset that no turn has; where none could be read, nobody knows
   */
  check(lines: readonly Line[], nameOf = argumentOf): void {
    if (this.#assets.size === 0) return;
    for (const line of lines) {
      const unknown = assetsOf(line).find((asset) => !this.#assets.has(asset));
      if (unknown === undefined) continue;
      throw new SeriesFault(
        nameOf(line, unknown),
        `has ${unknown}, which no turn of the range has`,
      );
    }
  }
}

/** The argument that an asset came with. */
function argumentOf(line: Line, asset: Asset): string {
  if (line.kind === 'CELL') return 'cells';
  if (line.kind === 'WINDOW') return asset === line.in ? 'in' : 'cells';
  return 'asset' in line && line.asset === asset ? 'assets' : 'in';
}
