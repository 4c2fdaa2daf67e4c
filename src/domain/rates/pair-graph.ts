import { compareCodeUnits, isSameUniverse, type Pair, type Universe } from '../asset.js';
import { indexAt } from '../cells.js';
import type { Frame } from '../frame.js';
import { countAhead, findListings, linkSteps, type Steps } from './steps.js';
import { twoLegChoices, type TwoLegChoices } from './two-leg-choices.js';

/**
 * Which assets the listed pairs join: it stays the same from frame to frame for as long as the same
 * pairs are listed. Assets are nodes, numbered in the order of their names: the best path between
 * two is sought from the lower number. Pairs are legs, numbered in the order of their symbols.
 */
export interface PairGraph extends Steps {
  readonly size: number;
  /** By position in the universe: the asset's number; by number: its position. */
  readonly numberOf: Int32Array;
  readonly positionOf: Int32Array;
  /** By leg: the place of its ticker in the frame. */
  readonly tickerOf: Int32Array;
  readonly isListing: Uint8Array;
  readonly ahead: Int32Array;
  readonly choices: TwoLegChoices;
  /** The assets from which some with a higher number take three legs or more. */
  readonly farStarts: readonly number[];
}

/** Carries the graph from frame to frame: what is listed changes hardly ever. */
export class PairGraphs {
  #universe: Universe = [];
  #pairs: readonly Pair[] = [];
  #graph = pairGraph([], []);

  /** The graph of the pairs that a frame lists within a universe. */
  of({ tickers }: Frame, universe: Universe): PairGraph {
    if (!isSameUniverse(universe, this.#universe) || !areSamePairs(tickers, this.#pairs)) {
      this.#graph = pairGraph(tickers, universe);
      this.#universe = universe;
      this.#pairs = tickers.map(({ symbol, base, quote }) => ({ symbol, base, quote }));
    }
    return this.#graph;
  }
}

function areSamePairs(some: readonly Pair[], others: readonly Pair[]): boolean {
  if (some.length !== others.length) return false;
  return some.every(({ symbol, base, quote }, at) => {
    const other = others[at] as Pair;
    return symbol === other.symbol && base === other.base && quote === other.quote;
  });
}

function pairGraph(pairs: readonly Pair[], universe: Universe): PairGraph {
  const size = universe.length;
  const names = [...universe].sort(compareCodeUnits);
  const numbers = new Map(names.map((name, number) => [name, number]));
  const legs = pairs
    .map(({ symbol, base, quote }, place) => ({
      symbol,
      place,
      base: numbers.get(base) ?? -1,
      quote: numbers.get(quote) ?? -1,
    }))
    .filter(({ base, quote }) => base !== -1 && quote !== -1 && base !== quote)
    .sort((a, b) => compareCodeUnits(a.symbol, b.symbol));
  const numberOf = Int32Array.from(universe, (name) => numbers.get(name) as number);
  const positionOf = new Int32Array(size);
  numberOf.forEach((number, position) => (positionOf[number] = position));
  const steps = linkSteps(legs, size);
  const ahead = countAhead(steps);
  const choices = twoLegChoices(steps, size);
  return {
    size,
    numberOf,
    positionOf,
    tickerOf: Int32Array.from(legs, ({ place }) => place),
    ...steps,
    isListing: findListings(steps),
    ahead,
    choices,
    farStarts: [...ahead.keys()].filter(
      (start) => countNear(start, steps, choices) < indexAt(ahead, start),
    ),
  };
}

/** How many assets with a higher number are one leg away, or two. */
function countNear(
  start: number,
  { stepsFrom, endOf }: Steps,
  { pairsFrom }: TwoLegChoices,
): number {
  const joined = new Set(endOf.subarray(stepsFrom[start], stepsFrom[start + 1]));
  const higher = [...joined].filter((end) => end > start);
  return higher.length + indexAt(pairsFrom, start + 1) - indexAt(pairsFrom, start);
}
