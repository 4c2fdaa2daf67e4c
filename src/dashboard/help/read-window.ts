import type { Client } from 'urql';
import { HelpWindowDocument, type HelpCycleQuery } from '../../generated/operations.js';
import { FEWEST_RETURNS } from './work-out.js';

type Cycle = NonNullable<HelpCycleQuery['cycle']>;
type Value = number | null;

/** Two assets over a window, as the API answers it, and the prices of its buckets. */
export interface WindowExample {
  readonly base: string;
  readonly other: string;
  readonly in: string;
  readonly overMs: number;
  readonly everyMs: number;
  /** The last price of each bucket, with that of the bucket before the window. */
  readonly prices: readonly Value[];
  readonly otherPrices: readonly Value[];
  readonly count: number;
  readonly correlation: Value;
  readonly covariance: Value;
  readonly beta: Value;
  readonly volatility: Value;
}

const SECOND_MS = 1_000;
const BUCKETS = 60;

/**
 * The last hour by minutes; where there is less of the past, as many of the shortest buckets that have a
 * turn each.
 * @returns null where there is too little of the past, or no second asset
 */
export async function readWindow(
  client: Client,
  cycle: Cycle,
  pair: { readonly base: string; readonly quote: string },
): Promise<WindowExample | null> {
  const shortest = Math.max(1, Math.ceil((2 * (cycle.intervalMs ?? 0)) / SECOND_MS)) * SECOND_MS;
  for (const everyMs of new Set([60_000, shortest])) {
    const found = await readOver(client, cycle, pair, everyMs);
    if (found && found.count >= FEWEST_RETURNS) return found;
  }
  return null;
}

async function readOver(
  client: Client,
  { turn, symbols, observedAt }: Cycle,
  { base, quote }: { readonly base: string; readonly quote: string },
  everyMs: number,
): Promise<WindowExample | null> {
  const other = symbols.find((symbol) => symbol !== base && symbol !== quote);
  if (other === undefined) return null;
  const overMs = BUCKETS * everyMs;
  const end = Math.floor(Date.parse(observedAt) / everyMs) * everyMs;
  const first = end - overMs - everyMs;
  const { data } = await client
    .query(HelpWindowDocument, {
      ...{ turn, base, other, in: quote },
      over: `${overMs / SECOND_MS}s`,
      every: `${everyMs / SECOND_MS}s`,
      from: new Date(first).toISOString(),
      to: new Date(end).toISOString(),
    })
    .toPromise();
  const found = data?.cycle;
  if (!found) return null;
  const cell = (matrix: { values: Value[][] } | null): Value => matrix?.values[0]?.[0] ?? null;
  const column = (line: number): Value[] => {
    const { starts = [], lines = [] } = data.series ?? {};
    const byStart = new Map(starts.map((start, index) => [start, lines[line]?.values[index]]));
    return Array.from(
      { length: BUCKETS + 1 },
      (_, index) => byStart.get(first + index * everyMs) ?? null,
    );
  };
  return {
    ...{ base, other, in: quote, overMs, everyMs },
    prices: column(0),
    otherPrices: column(1),
    count: found.correlation?.counts[0]?.[0] ?? 0,
    correlation: cell(found.correlation),
    covariance: cell(found.covariance),
    beta: cell(found.beta),
    volatility: found.assets.find(({ symbol }) => symbol === base)?.volatility ?? null,
  };
}
