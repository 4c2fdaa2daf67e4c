import { FrameFigures } from '../../src/domain/frame-figures.js';
import { PairGraphs } from '../../src/domain/rates/pair-graph.js';
import type { LineEvaluator, LineRecord } from '../../src/domain/series/evaluation.js';
import { frameAt } from '../../src/domain/series/frame-at.js';
import { LoadedPairs } from '../../src/domain/series/loaded-pairs.js';
import { nullReason } from '../../src/domain/series/null-reasons.js';
import { columnsOf, type ColumnTurn } from './frame-columns.js';

export interface LineTurn extends ColumnTurn {
  readonly record?: LineRecord | null;
}

/** What a line has at a turn. */
export interface LinePoint {
  readonly value: number | null;
  readonly isStale: boolean;
  readonly reason: string | null;
  readonly path: string | null;
}

/**
 * Evaluates a line over turns, in chunks whose borders are the given numbers of turns. Of the columns
 * it is only given what it wants.
 */
export function evaluate(
  line: LineEvaluator,
  turns: readonly LineTurn[],
  borders: readonly number[] = [],
): LinePoint[] {
  const stops = [...borders.filter((at) => at < turns.length), turns.length].sort((a, b) => a - b);
  let from = 0;
  return stops.flatMap((stop) => {
    const chunk = turns.slice(from, stop);
    from = stop;
    return evaluateChunk(line, chunk);
  });
}

function evaluateChunk(line: LineEvaluator, turns: readonly LineTurn[]): LinePoint[] {
  const columns = columnsOf(turns);
  const chunk = {
    ...columns,
    listed: columns.pairs.map(({ symbol, base, quote }) => ({ symbol, base, quote })),
  };
  const records = line.isOfRecords ? turns.map(({ record = null }) => record) : [];
  const evaluation = line.begin(chunk, records);
  const loaded = new LoadedPairs();
  while (evaluation.wanted.length > 0) {
    const wanted = evaluation.wanted;
    loaded.add(columns.pairs.filter(({ symbol }) => wanted.some((pair) => pair.symbol === symbol)));
    evaluation.proceed(loaded);
  }
  const graphs = new PairGraphs();
  turns.forEach(({ universe }, index) => {
    if (universe === null || evaluation.wantsFrames?.[index] !== 1) return;
    evaluation.takeFrame(index, new FrameFigures(frameAt(columns, index), universe, graphs));
  });
  const { values, isStale, nulls, paths } = evaluation.finish();
  return turns.map((_, index) => {
    const value = values[index] as number;
    const [code, path] = [nulls[index] as number, paths?.[index] ?? 0];
    const { source, symbols } = (path === 0 ? null : line.paths?.pathOf(path)) ?? {
      source: '',
      symbols: [],
    };
    return {
      value: Number.isNaN(value) ? null : value,
      isStale: isStale[index] === 1,
      reason: code === 0 ? null : nullReason(code),
      path: path === 0 ? null : [source, ...symbols].join(' '),
    };
  });
}
