/**
 * The definitions of schema/numbers.md, worked out a second time: as plainly as they are written,
 * without a thought for speed, and without anything of src/ but its types.
 */
import type { Ticker } from '../../src/domain/frame.js';

/** One leg of a path, walked from `from` to `to`. */
interface Leg {
  readonly ticker: Ticker;
  readonly from: string;
  readonly to: string;
}

export interface DefinedRate {
  readonly source: 'IDENTITY' | 'DIRECT' | 'INVERSE' | 'CROSS';
  readonly path: readonly string[];
  readonly last: number;
  readonly open: number;
  readonly ageMs: number;
}

type Cells = Map<string, number | null>;

const key = (i: string, j: string): string => `${i}>${j}`;
const codeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function spread({ bid, ask }: Ticker): number {
  return bid > 0 && ask >= bid ? (ask - bid) / ((ask + bid) / 2) : Infinity;
}

/** Every path of the fewest legs, at least `fewest`, at most `most`. */
function shortestPaths(
  tickers: readonly Ticker[],
  from: string,
  to: string,
  { fewest = 1, most = 12 } = {},
): Leg[][] {
  let paths: Leg[][] = [[]];
  for (let length = 1; length <= most && paths.length > 0; length++) {
    paths = paths.flatMap((path) => {
      const end = path.at(-1)?.to ?? from;
      const visited = new Set([from, ...path.map((leg) => leg.to)]);
      return tickers.flatMap((ticker) => {
        const next = ticker.base === end ? ticker.quote : ticker.quote === end ? ticker.base : null;
        if (next === null || visited.has(next)) return [];
        return [[...path, { ticker, from: end, to: next }]];
      });
    });
    const arrived = paths.filter((path) => path.at(-1)?.to === to);
    if (length >= fewest && arrived.length > 0) return arrived;
    paths = paths.filter((path) => path.at(-1)?.to !== to);
  }
  return [];
}

function bestOf(paths: readonly Leg[][]): Leg[] | null {
  const cost = (path: Leg[]): number => path.reduce((sum, leg) => sum + spread(leg.ticker), 0);
  const names = (path: Leg[]): string[] => path.map(({ ticker }) => ticker.symbol);
  const sorted = [...paths].sort((a, b) => {
    const [costA, costB] = [cost(a), cost(b)];
    if (costA !== costB) return costA < costB ? -1 : 1;
    const [namesA, namesB] = [names(a), names(b)];
    for (const [at, name] of namesA.entries()) {
      const order = codeUnits(name, namesB[at] as string);
      if (order !== 0) return order;
    }
    return 0;
  });
  return sorted[0] ?? null;
}

function product(path: readonly Leg[], price: (ticker: Ticker) => number): number {
  return path.reduce((value, { ticker, from }) => {
    return ticker.base === from ? value * price(ticker) : value * (1 / price(ticker));
  }, 1);
}

export function definedRate(
  tickers: readonly Ticker[],
  observedAt: number,
  i: string,
  j: string,
): DefinedRate | null {
  if (i === j) return { source: 'IDENTITY', path: [], last: 1, open: 1, ageMs: 0 };
  const direct = tickers.find(({ base, quote }) => base === i && quote === j);
  const inverse = tickers.find(({ base, quote }) => base === j && quote === i);
  const path = direct
    ? [{ ticker: direct, from: i, to: j }]
    : inverse
      ? [{ ticker: inverse, from: i, to: j }]
      : crossPath(tickers, i, j);
  if (path === null) return null;
  const oldest = Math.min(...path.map(({ ticker }) => ticker.closeTime));
  return {
    source: direct ? 'DIRECT' : inverse ? 'INVERSE' : 'CROSS',
    path: path.map(({ ticker }) => ticker.symbol),
    last: product(path, ({ last }) => last),
    open: product(path, ({ open }) => open),
    ageMs: Math.max(0, observedAt - oldest),
  };
}

/** Chosen from the asset that sorts first; the other direction takes it in reverse. */
function crossPath(tickers: readonly Ticker[], i: string, j: string): Leg[] | null {
  if (codeUnits(i, j) <= 0) return bestOf(shortestPaths(tickers, i, j));
  const path = bestOf(shortestPaths(tickers, j, i));
  return (
    path && [...path].reverse().map(({ ticker, from, to }) => ({ ticker, from: to, to: from }))
  );
}

export interface DefinedFigures {
  readonly rates: ReadonlyMap<string, DefinedRate | null>;
  readonly matrices: Readonly<
    Record<'ID_BENCHMARK' | 'ID_DELTA' | 'ID_PERCENT' | 'QUANTID', Cells>
  >;
  readonly scale: number;
  readonly strengths: readonly (number | null)[];
  readonly rowMeans: readonly (number | null)[];
}

function mean(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null);
  return given.length === 0 ? null : given.reduce((sum, value) => sum + value, 0) / given.length;
}

/** Everything that follows from one frame. */
export function definedFigures(
  tickers: readonly Ticker[],
  observedAt: number,
  universe: readonly string[],
): DefinedFigures {
  const rates = new Map<string, DefinedRate | null>();
  const cells = (value: (rate: DefinedRate) => number): Cells =>
    new Map([...rates].map(([name, rate]) => [name, rate && value(rate)]));
  for (const i of universe) {
    for (const j of universe) rates.set(key(i, j), definedRate(tickers, observedAt, i, j));
  }
  const percent = cells(({ last, open }) => 100 * (last / open - 1));
  const k = cells(({ last, open }) => ((1 + (last / open - 1)) * (last - open)) / open);
  const scale = Math.max(0, ...[...k.values()].map((value) => Math.abs(value ?? 0)));
  const quantid: Cells = new Map(
    [...k].map(([name, value]) => [name, value && (scale === 0 ? 0 : value / scale)]),
  );
  const others = (i: string): string[] => universe.filter((j) => j !== i);
  return {
    rates,
    matrices: {
      ID_BENCHMARK: cells(({ last }) => last),
      ID_DELTA: cells(({ last, open }) => last - open),
      ID_PERCENT: percent,
      QUANTID: quantid,
    },
    scale,
    strengths: universe.map((i) => {
      const logs = others(i).map((j) => {
        const rate = rates.get(key(i, j)) ?? null;
        return rate && Math.log(rate.last / rate.open);
      });
      const strength = mean(logs);
      return strength === null ? null : 100 * (Math.exp(strength) - 1);
    }),
    rowMeans: universe.map((i) => mean(others(i).map((j) => quantid.get(key(i, j)) ?? null))),
  };
}

/** How far each pair is from the best two legs beside it, basis points. */
export function definedConsistency(tickers: readonly Ticker[]): Map<string, [number, string[]]> {
  const differences = new Map<string, [number, string[]]>();
  for (const ticker of tickers) {
    const { base, quote } = ticker;
    const aside = tickers.filter((other) => other !== ticker);
    const [first, last] = codeUnits(base, quote) <= 0 ? [base, quote] : [quote, base];
    const two = bestOf(
      shortestPaths(
        aside.filter((other) => !isBetween(other, base, quote)),
        first,
        last,
        { fewest: 2, most: 2 },
      ),
    );
    if (two === null) continue;
    const synthetic = product(two, (leg) => leg.last);
    const value = first === base ? synthetic : 1 / synthetic;
    const names = two.map((leg) => leg.ticker.symbol);
    differences.set(ticker.symbol, [
      1e4 * Math.abs(Math.log(ticker.last) - Math.log(value)),
      first === base ? names : names.reverse(),
    ]);
  }
  return differences;
}

function isBetween({ base, quote }: Ticker, a: string, b: string): boolean {
  return (base === a && quote === b) || (base === b && quote === a);
}
