import { PairGraphs } from '../domain/rates/pair-graph.js';
import { LineAggregates, type Aggregate } from '../domain/series/aggregate.js';
import { SpanBuckets } from '../domain/series/buckets.js';
import type { TimeRange } from '../domain/series/range.js';
import { placeOfTurn, placesFrom } from '../history/chunk-places.js';
import type { CycleStore } from '../history/cycle-store.js';
import type { StoredCycle } from '../history/stored-cycle.js';
import type { TurnChunks } from '../history/turn-chunk.js';
import type { Pace } from '../scheduling/slices.js';
import type { Column } from './columns.js';
import { cellName, valuesOf, type Rows } from './line-rows.js';
import type { CellExport, CellLine } from './request.js';

/** How many values are kept at a time, each with some more that its bucket is made of. */
const KEPT_VALUES = 200_000;
const MOST_BUCKETS = 4_096;

export function bucketColumns({ lines, of }: CellExport): readonly Column[] {
  const isOne = of.length === 1 && of[0] === 'LAST';
  const nameOf = (line: CellLine, aggregate: Aggregate) =>
    isOne ? cellName(line) : `${cellName(line)} ${aggregate.toLowerCase()}`;
  return [
    { name: 'start', type: 'time' },
    { name: 'turns', type: 'whole' },
    { name: 'firstTurn', type: 'whole' },
    { name: 'lastTurn', type: 'whole' },
    ...lines.flatMap((line) =>
      of.map((each): Column => ({ name: nameOf(line, each), type: 'double', mayBeNull: true })),
    ),
  ];
}

interface BucketSource {
  readonly cycles: Pick<CycleStore, 'range'>;
  readonly chunks: TurnChunks;
}

/**
 * A row for each bucket of a range in which there is a turn, some thousand buckets at a time: the clock may go
 * back, so that the turns of a bucket need not follow each other.
 * @param range of whole buckets
 */
export async function* bucketRows(
  source: BucketSource,
  request: CellExport & { readonly every: number },
  range: TimeRange,
  pace: Pace,
): AsyncGenerator<Rows> {
  const { every, lines } = request;
  const step = every * Math.min(MOST_BUCKETS, Math.ceil(KEPT_VALUES / lines.length));
  const graphs = new PairGraphs();
  for (let from = range.from; from < range.to; from += step) {
    const part = { from, to: Math.min(from + step, range.to) };
    const ends = await endsOf(source.cycles, part);
    if (ends) yield await rowsOfPart(source, request, part, ends, pace, graphs);
    if (pace.isSpent) await pace.next();
  }
}

/** The first and the last turn observed in a range, by their turns; null where there is none. */
export async function endsOf(
  cycles: Pick<CycleStore, 'range'>,
  { from, to }: TimeRange,
): Promise<{ readonly first: StoredCycle; readonly last: StoredCycle } | null> {
  if (from === to) return null;
  const [[first], [last]] = await Promise.all([
    cycles.range({ from, to, order: 'OLDEST_FIRST', limit: 1 }),
    cycles.range({ from, to, order: 'NEWEST_FIRST', limit: 1 }),
  ]);
  return first && last ? { first, last } : null;
}

async function rowsOfPart(
  { chunks }: BucketSource,
  { lines, of, every }: CellExport & { readonly every: number },
  part: TimeRange,
  ends: { readonly first: StoredCycle; readonly last: StoredCycle },
  pace: Pace,
  graphs: PairGraphs,
): Promise<Rows> {
  const buckets = new SpanBuckets(part, every);
  const sums = lines.map(() => new LineAggregates(buckets.room));
  for await (const { chunk, values } of valuesOf(chunks, lines, ends, pace, graphs)) {
    const places = placesFrom(buckets, chunk, placeOfTurn(chunk.turns, ends.first.turn));
    const isStale = new Uint8Array(places.length);
    sums.forEach((sum, at) => sum.add(places, values[at] as Float64Array, isStale));
  }
  const { starts, counts, firstTurns, lastTurns, size } = buckets;
  const kept = (column: Float64Array) => column.filter((_, at) => (counts[at] as number) > 0);
  const told = sums.flatMap((sum) => of.map((each) => sum.values(each, size)));
  const columns = [starts, counts, firstTurns, lastTurns, ...told].map(kept);
  return { batch: { rows: columns[0]?.length ?? 0, columns }, turn: ends.last.turn };
}
