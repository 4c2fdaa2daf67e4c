import type { Client, TypedDocumentNode, AnyVariables } from 'urql';
import {
  HelpCycleDocument,
  HelpPairDocument,
  HelpPathDocument,
  HelpPercentDocument,
  HelpRatesDocument,
  HelpTurnDocument,
  WalletAttributionDocument,
  type HelpCellFragment,
  type HelpCycleQuery,
  type HelpPairQuery,
  type HelpTurnFragment,
  type WalletAttributionQuery,
} from '../../generated/operations.js';
import { readWindow, type WindowExample } from './read-window.js';
import { assetsOfPath, pairOfSymbol } from './symbols.js';

type Cycle = NonNullable<HelpCycleQuery['cycle']>;

/** One cell of a matrix, or nothing. */
type Cell = number | null;

/** A rate as the product of those of its legs. */
export interface PathExample {
  /** From the base over what is between to the quote. */
  readonly assets: readonly string[];
  readonly rate: number;
  readonly legs: readonly number[];
}

/** A listed pair beside the best two legs. */
export interface TriangleExample extends PathExample {
  readonly symbols: readonly string[];
}

/** What the figures of one turn are worked out from, all as the API answered it. */
export interface Example {
  readonly base: string;
  readonly quote: string;
  readonly cycle: Cycle;
  /** The turn before; null where there is none, or where it is no longer stored. */
  readonly before: HelpTurnFragment | null;
  /** The turn at which the lead took over. */
  readonly since: HelpTurnFragment | null;
  readonly pair: NonNullable<HelpPairQuery['cycle']>;
  readonly percentBefore: Cell;
  readonly cross: PathExample | null;
  readonly triangle: TriangleExample | null;
  readonly window: WindowExample | null;
  readonly attribution: WalletAttributionQuery['walletAttribution'];
}

/** A cross rate is looked for among so many assets. */
const FEW = 16;
/** Over how long the wallet's change is explained. */
const ATTRIBUTED_MS = 3_600_000;

/** Asks once; what is missing in an answer is null. @throws a CombinedError where there is no answer */
async function ask<T, V extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<T, V>,
  variables: V,
): Promise<T> {
  const { data, error } = await client.query(document, variables).toPromise();
  if (data) return data;
  throw error ?? new Error('the server gave no answer');
}

export function cellOf(matrix: Pick<HelpCellFragment, 'values'> | null | undefined): Cell {
  return matrix?.values[0]?.[0] ?? null;
}

/**
 * Reads what the examples of one turn need.
 * @returns null where the turn is not stored
 */
export async function readExample(
  client: Client,
  turn: number,
  wanted: { readonly base: string | null; readonly quote: string | null },
): Promise<Example | null> {
  const { cycle } = await ask(client, HelpCycleDocument, { turn });
  if (!cycle) return null;
  const { symbols, aux, config, previousTurn } = cycle;
  const quote = symbols.find((symbol) => symbol === wanted.quote) ?? config.quantBase;
  const base =
    symbols.find((symbol) => symbol === wanted.base && symbol !== quote) ??
    symbols.find((symbol) => symbol !== quote) ??
    quote;
  const earlier = async (at: number | null): Promise<HelpTurnFragment | null> => {
    if (at === null) return null;
    return (await ask(client, HelpTurnDocument, { turn: at, in: config.quantBase })).cycle;
  };
  const few = symbols.slice(0, FEW);
  const [before, since, pair, percentBefore, window, attribution] = await Promise.all([
    earlier(previousTurn),
    earlier(aux.leadSince),
    ask(client, HelpPairDocument, { turn, base, quote, few }),
    previousTurn === null
      ? null
      : ask(client, HelpPercentDocument, { turn: previousTurn, base, quote }),
    readWindow(client, cycle, { base, quote }),
    ask(client, WalletAttributionDocument, attributed(cycle)),
  ]);
  if (!pair.cycle) return null;
  return {
    base,
    quote,
    cycle,
    before,
    since,
    pair: pair.cycle,
    percentBefore: cellOf(percentBefore?.cycle?.matrix),
    cross: await readCross(client, cycle, pair.cycle),
    triangle: await readTriangle(client, cycle),
    window,
    attribution: attribution.walletAttribution,
  };
}

/** The hour up to a turn, in the asset of the strategy. */
function attributed({ observedAt, config }: Cycle) {
  const end = Date.parse(observedAt) + 1;
  return {
    in: config.quantBase,
    from: new Date(end - ATTRIBUTED_MS).toISOString(),
    to: new Date(end).toISOString(),
    every: null,
  };
}

type Pair = NonNullable<HelpPairQuery['cycle']>;

/** A pair that the exchange does not list, the pair of the example where it is one. */
function crossPair({ benchmark, few }: Pair): { base: string; quote: string } | null {
  if (benchmark?.cell?.source === 'CROSS') {
    return { base: benchmark.bases[0] ?? '', quote: benchmark.quotes[0] ?? '' };
  }
  for (const [row, base] of (few?.bases ?? []).entries()) {
    const column = few?.legs[row]?.findIndex((legs) => (legs ?? 0) > 1) ?? -1;
    const quote = few?.quotes[column];
    if (quote !== undefined) return { base, quote };
  }
  return null;
}

async function readCross(client: Client, cycle: Cycle, pair: Pair): Promise<PathExample | null> {
  const cross = crossPair(pair);
  if (!cross) return null;
  const { turn, symbols } = cycle;
  const found = await ask(client, HelpPathDocument, { turn, ...cross });
  const matrix = found.cycle?.matrix;
  const assets = assetsOfPath(cross.base, matrix?.cell?.path ?? [], symbols);
  const rate = cellOf(matrix);
  return assets === null || rate === null ? null : withLegs(client, turn, assets, rate);
}

/** The rates from each asset to the next. */
async function withLegs(
  client: Client,
  turn: number,
  assets: readonly string[],
  rate: number,
): Promise<PathExample | null> {
  const { cycle } = await ask(client, HelpRatesDocument, { turn, assets: [...new Set(assets)] });
  const legs = assets.slice(1).map((to, index) => rateIn(cycle?.matrix, assets[index] ?? '', to));
  return legs.every((leg) => leg !== null) ? { assets, rate, legs } : null;
}

function rateIn(matrix: HelpCellFragment | null | undefined, from: string, to: string): Cell {
  const [row, column] = [matrix?.bases.indexOf(from) ?? -1, matrix?.quotes.indexOf(to) ?? -1];
  return matrix?.values[row]?.[column] ?? null;
}

/** The listed pair that is furthest from the way round beside it. */
async function readTriangle(client: Client, cycle: Cycle): Promise<TriangleExample | null> {
  const { turn, symbols, consistency } = cycle;
  const [symbol = '', ...legs] = consistency.worst ?? [];
  const pair = pairOfSymbol(symbol, symbols);
  const assets = pair && assetsOfPath(pair.base, legs, symbols);
  if (!pair || !assets) return null;
  const { cycle: rates } = await ask(client, HelpRatesDocument, { turn, assets });
  const rate = rateIn(rates?.matrix, pair.base, pair.quote);
  if (rate === null) return null;
  const round = await withLegs(client, turn, assets, rate);
  return round && { ...round, symbols: [symbol, ...legs] };
}
