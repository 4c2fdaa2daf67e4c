import { PairGraphs } from '../domain/rates/pair-graph.js';
import { numberAt } from '../domain/cells.js';
import { comparesTurns, evaluatorOf } from '../domain/series/line.js';
import type { TimeRange } from '../domain/series/range.js';
import { BlockFault } from '../history/blocks/bytes.js';
import { LinePass } from '../history/line-pass.js';
import { turnBuiltUpon, type StoredCycle } from '../history/stored-cycle.js';
import type { TurnChunk, TurnChunks } from '../history/turn-chunk.js';
import type { Pace } from '../scheduling/slices.js';
import type { Batch, Column } from './columns.js';
import type { CellLine } from './request.js';

/** Rows, and the last turn that they are of. */
export interface Rows {
  readonly batch: Batch;
  readonly turn: number;
}

/** How many sealed blocks may be found damaged by one reading. */
const MOST_FAULTS = 16;

export function cellName({ base, quote }: CellLine): string {
  return `${base}/${quote}`;
}

export function turnColumns(lines: readonly CellLine[]): readonly Column[] {
  return [
    { name: 'turn', type: 'whole' },
    { name: 'observedAt', type: 'time' },
    ...lines.map((line): Column => ({ name: cellName(line), type: 'double', mayBeNull: true })),
  ];
}

/** A row for each turn of a range: its number, its time, the value of each line. */
export async function* turnRows(
  chunks: TurnChunks,
  lines: readonly CellLine[],
  range: TimeRange,
  ends: { readonly first: StoredCycle; readonly last: StoredCycle },
  pace: Pace,
): AsyncGenerator<Rows> {
  for await (const { chunk, values } of valuesOf(chunks, lines, ends, pace)) {
    const { turns, observedAt } = chunk;
    const isIn = Uint8Array.from(turns, (turn, at) => {
      const moment = numberAt(observedAt, at);
      return turn >= ends.first.turn && moment >= range.from && moment < range.to ? 1 : 0;
    });
    const isWhole = !isIn.includes(0);
    const kept = (column: Float64Array) =>
      isWhole ? column : column.filter((_, at) => isIn[at] === 1);
    const columns = [turns, observedAt, ...values].map(kept);
    const rows = columns[0]?.length ?? 0;
    yield { batch: { rows, columns }, turn: turns.at(-1) ?? ends.first.turn };
  }
}

/** What lines have at the turns of each chunk. */
interface ChunkValues {
  readonly chunk: TurnChunk;
  /** By line, then by turn. */
  readonly values: readonly Float64Array[];
}

/**
 * Evaluates lines chunk by chunk. The first turn may be held against one before, which comes along. Where a
 * sealed block is found damaged, it goes on after what was given: the next reading knows of it.
 */
export async function* valuesOf(
  chunks: TurnChunks,
  lines: readonly CellLine[],
  { first, last }: { readonly first: StoredCycle; readonly last: StoredCycle },
  pace: Pace,
  graphs = new PairGraphs(),
): AsyncGenerator<ChunkValues> {
  const isCompared = lines.some(comparesTurns);
  const pass = new LinePass(
    lines.map((line) => evaluatorOf(line, '')),
    pace,
    graphs,
  );
  let next = isCompared ? turnBuiltUpon(first) : first.turn;
  for (let left = MOST_FAULTS; ; left--) {
    try {
      for await (const chunk of chunks.chunks(next, last.turn, pace)) {
        const values = await pass.over(chunk);
        next = (chunk.turns.at(-1) ?? next) + 1;
        yield { chunk, values: values.map((line) => line.values) };
        if (pace.isSpent) await pace.next();
      }
      return;
    } catch (error) {
      if (!(error instanceof BlockFault) || left === 0) throw error;
    }
  }
}
