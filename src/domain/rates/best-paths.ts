import { indexAt } from '../cells.js';
import type { PairGraph } from './pair-graph.js';
import { PathSearch } from './path-search.js';
import type { StepPrices } from './step-prices.js';
import { bestChoice } from './two-leg-choices.js';

/** What is done with the best paths; each is visited once, from its start, and goes for both directions. */
export interface PathVisitor {
  /** A step that gives the rate from one asset to another: the other direction has its own. */
  listed(from: number, to: number, step: number): void;
  /** @param back the step from the end back to the asset between */
  twoLegs(start: number, end: number, first: number, back: number): void;
  /** @param path its number among the paths that the search found */
  longer(start: number, end: number, path: number, search: PathSearch): void;
}

/** Visits the best path between each two assets that one joins. */
export function visitBestPaths(graph: PairGraph, prices: StepPrices, visitor: PathVisitor): void {
  const { size, endOf, backOf, isListing, choices, farStarts } = graph;
  for (let step = 0; step < endOf.length; step++) {
    if (isListing[step] === 0) continue;
    visitor.listed(indexAt(endOf, indexAt(backOf, step)), indexAt(endOf, step), step);
  }
  for (let start = 0; start < size; start++) {
    const stop = indexAt(choices.pairsFrom, start + 1);
    for (let pair = indexAt(choices.pairsFrom, start); pair < stop; pair++) {
      const best = bestChoice(choices, prices.spread, pair);
      const end = indexAt(choices.endOf, pair);
      visitor.twoLegs(start, end, indexAt(choices.first, best), indexAt(choices.back, best));
    }
  }
  if (farStarts.length === 0) return;
  const search = new PathSearch(graph, prices);
  for (const start of farStarts) {
    search.from(start);
    for (let end = start + 1; end < size; end++) {
      if (search.legsTo(end) > 2) visitor.longer(start, end, search.bestTo(end), search);
    }
  }
}
