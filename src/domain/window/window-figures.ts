import type { Asset } from '../asset.js';
import { numberAt } from '../cells.js';
import type { Span } from '../series/span.js';
import { volatility } from './volatility.js';
import { Window, type AssetReturns, type WindowKind } from './window-matrix.js';

/** One figure of a window: a cell of one of its matrices, or the volatility of an asset. */
export type WindowFigure =
  | { readonly kind: WindowKind; readonly base: Asset; readonly quote: Asset }
  | { readonly kind: 'VOLATILITY'; readonly asset: Asset };

/** What a figure comes to. */
export interface FigureOfWindow {
  /** NaN where there is none; never infinite. */
  readonly value: number;
  /** Of how many returns it is made. */
  readonly count: number;
  /** At how many of these the rate of either asset was stale. */
  readonly staleCount: number;
}

/** The assets that some figures are made of, each once. */
export function assetsOfFigures(figures: readonly WindowFigure[]): readonly Asset[] {
  const all = figures.flatMap((figure) =>
    figure.kind === 'VOLATILITY' ? [figure.asset] : [figure.base, figure.quote],
  );
  return [...new Set(all)];
}

/** The figures of one window, each worked out when it is asked for. */
export class WindowFigures {
  readonly #places: ReadonlyMap<Asset, number>;
  readonly #returns: readonly AssetReturns[];
  readonly #window: Window;
  readonly #lag: number;
  readonly #every: Span;

  /**
   * @param returns by asset
   * @param every the span of a bucket
   */
  constructor(
    assets: readonly Asset[],
    returns: readonly AssetReturns[],
    { lag, every }: { readonly lag: number; readonly every: Span },
  ) {
    this.#places = new Map(assets.map((asset, place) => [asset, place]));
    this.#returns = returns;
    this.#window = new Window(returns, lag);
    this.#lag = lag;
    this.#every = every;
  }

  of(figure: WindowFigure): FigureOfWindow {
    if (figure.kind === 'VOLATILITY') return this.#volatilityOf(this.#placeOf(figure.asset));
    const row = this.#window.row(this.#placeOf(figure.base), [this.#placeOf(figure.quote)]);
    return {
      value: finite(numberAt(row.values[figure.kind], 0)),
      count: numberAt(row.counts, 0),
      staleCount: numberAt(row.staleCounts, 0),
    };
  }

  #volatilityOf(place: number): FigureOfWindow {
    const { returns, isStale } = this.#returns[place] as AssetReturns;
    const own = returns.subarray(this.#lag);
    let [count, staleCount] = [0, 0];
    for (let k = 0; k < own.length; k++) {
      if (Number.isNaN(numberAt(own, k))) continue;
      count++;
      if (isStale[this.#lag + k] === 1) staleCount++;
    }
    return { value: finite(volatility(own, this.#every)), count, staleCount };
  }

  #placeOf(asset: Asset): number {
    return this.#places.get(asset) as number;
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}
