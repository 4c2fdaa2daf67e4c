import { indexAt } from '../cells.js';
import type { Frame, Ticker } from '../frame.js';
import { relativeSpread } from './path-rule.js';
import type { PairGraph } from './pair-graph.js';

/** What a frame says of each step of its graph. */
export interface StepPrices {
  /** The relative spread of the leg. */
  readonly spread: Float64Array;
  /** Units of the asset that the step leads to per one of its own, now and 24 h ago. */
  readonly last: Float64Array;
  readonly open: Float64Array;
}

export function stepPrices({ tickers }: Frame, graph: PairGraph): StepPrices {
  const { baseStep, tickerOf, backOf } = graph;
  const spread = new Float64Array(backOf.length);
  const last = new Float64Array(backOf.length);
  const open = new Float64Array(backOf.length);
  for (let leg = 0; leg < baseStep.length; leg++) {
    const ticker = tickers[indexAt(tickerOf, leg)] as Ticker;
    const there = indexAt(baseStep, leg);
    const back = indexAt(backOf, there);
    spread[there] = spread[back] = relativeSpread(ticker.bid, ticker.ask);
    last[there] = ticker.last;
    last[back] = 1 / ticker.last;
    open[there] = ticker.open;
    open[back] = 1 / ticker.open;
  }
  return { spread, last, open };
}
