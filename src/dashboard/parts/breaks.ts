import type { ChartBand, ChartLine } from '../charts/types.js';

type Column = readonly (number | null)[];

/** Where a column has to be broken: before which of its places. */
function breaksOf(times: readonly number[], gaps: readonly ChartBand[]): readonly number[] {
  return gaps
    .map(({ from, to }) => {
      const next = times.findIndex((time) => time >= to);
      return next > 0 && (times[next - 1] ?? Infinity) <= from ? next : 0;
    })
    .filter((at) => at > 0)
    .sort((a, b) => a - b);
}

function broken<T>(
  column: readonly T[],
  breaks: readonly number[],
  filler: (at: number) => T,
): T[] {
  const made: T[] = [];
  let begin = 0;
  for (const at of breaks) {
    made.push(...column.slice(begin, at), filler(at));
    begin = at;
  }
  return [...made, ...column.slice(begin)];
}

/** Lines with one point a turn have none in a gap of the history: they are broken there. */
export function brokenAt(
  lines: readonly ChartLine[],
  gaps: readonly ChartBand[],
): readonly ChartLine[] {
  if (gaps.length === 0) return lines;
  const known = new Map<readonly number[], readonly number[]>();
  // All lines of a chart mostly have the same moments.
  const changed = new Map<readonly number[], readonly number[]>();
  return lines.map((line) => {
    const { times } = line;
    const breaks = known.get(times) ?? breaksOf(times, gaps);
    known.set(times, breaks);
    if (breaks.length === 0) return line;
    const moments = changed.get(times) ?? broken(times, breaks, (at) => (times[at - 1] ?? 0) + 1);
    changed.set(times, moments);
    const values = (column: Column): Column => broken<number | null>(column, breaks, () => null);
    return {
      ...line,
      times: moments,
      values: values(line.values),
      ...(line.told && { told: values(line.told) }),
    };
  });
}
