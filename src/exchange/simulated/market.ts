import type { Asset, SymbolListing } from '../../domain/asset.js';
import {
  KNOWN_ASSETS,
  pairsAmong,
  traitsOf,
  type AssetTraits,
  type SimulatedPair,
} from './assets.js';
import type { ExchangeFeed, TickerStatistics } from '../served/feed.js';
import { knownKlines } from '../served/known-klines.js';
import { fraction, hashText, lattice, smooth, Walk } from './noise.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The move that all assets share, in a day, as a fraction. */
const COMMON_VOLATILITY = 0.025;
/** How far each pair is off the price that the others imply: basis points, at most. */
const PAIR_ERROR = 3e-4;

/**
 * A made-up spot market. Each asset's worth in one hidden numeraire is a random walk that partly
 * follows a common one; a pair's price is the ratio of two worths, off by a small error of its
 * own, rounded to its tick. Everything is a pure function of the seed and the time.
 */
export class SimulatedMarket {
  readonly #seed: number;
  readonly #common: Walk;
  readonly #pairs: ReadonlyMap<string, SimulatedPair>;
  readonly #assets = new Map<Asset, { readonly traits: AssetTraits; readonly walk: Walk }>();

  /** @param assets what it trades; by default those of Binance's listing that the engine starts with */
  constructor(seed: number, assets: readonly Asset[] = KNOWN_ASSETS) {
    this.#seed = seed;
    this.#common = new Walk(hashText('common', seed));
    const pairs = pairsAmong(assets, seed);
    this.#pairs = new Map(pairs.map((pair) => [pair.base + pair.quote, pair]));
    for (const asset of assets) {
      this.#assets.set(asset, {
        traits: traitsOf(asset, seed),
        walk: new Walk(hashText(`asset ${asset}`, seed)),
      });
    }
  }

  listings(): SymbolListing[] {
    return [...this.#pairs].map(([symbol, { base, quote, places }]) => ({
      symbol,
      status: 'TRADING',
      baseAsset: base,
      quoteAsset: quote,
      tickSize: (10 ** -places).toFixed(places),
    }));
  }

  /** Decimal places of a symbol's prices; undefined if it is not listed. */
  places(symbol: string): number | undefined {
    return this.#pairs.get(symbol)?.places;
  }

  /** Statistics of the 24 h that ended with the last trade at or before a moment. */
  ticker(symbol: string, at: number): TickerStatistics | null {
    const pair = this.#pairs.get(symbol);
    if (!pair) return null;
    const stream = hashText(`pair ${symbol}`, this.#seed);
    const closeTime = lastTrade(pair, stream, at);
    const openTime = closeTime - DAY_MS;
    const now = this.#quote(pair, stream, closeTime);
    const before = this.#quote(pair, stream, lastTrade(pair, stream, openTime));
    const hour = Math.floor(closeTime / HOUR_MS);
    const swing = (kind: number): number => 0.01 * (1 + lattice(stream + kind, hour));
    const high = Math.max(now.last, before.last) * (1 + swing(1));
    const low = Math.min(now.last, before.last) * (1 - swing(2));
    const price = (ticks: number): string => (Math.round(ticks) / 10 ** pair.places).toFixed(8);
    const turnover = pair.turnover * (1 + 0.5 * smooth(stream + 3, closeTime, 6 * HOUR_MS));
    const quoteVolume = turnover / this.#worth(pair.quote, closeTime);
    return {
      symbol,
      openPrice: price(before.last),
      highPrice: price(high),
      lowPrice: price(Math.max(1, low)),
      lastPrice: price(now.last),
      bidPrice: price(now.bid),
      askPrice: price(now.ask),
      volume: (quoteVolume / (now.last / 10 ** pair.places)).toFixed(8),
      quoteVolume: quoteVolume.toFixed(8),
      openTime,
      closeTime,
      count: Math.round(turnover / 500),
    };
  }

  #worth(asset: Asset, at: number): number {
    const { traits, walk } = this.#assets.get(asset) as { traits: AssetTraits; walk: Walk };
    const common = traits.beta === 0 ? 0 : traits.beta * COMMON_VOLATILITY * this.#common.at(at);
    return traits.worth * Math.exp(common + traits.volatility * walk.at(at));
  }

  /** Last price, bid and ask in whole ticks, at least one, with bid <= last <= ask. */
  #quote(pair: SimulatedPair, stream: number, at: number) {
    const error =
      PAIR_ERROR * (0.6 * smooth(stream, at, 120_000) + 0.4 * smooth(stream + 9, at, 2_000));
    const middle =
      (this.#worth(pair.base, at) / this.#worth(pair.quote, at)) * (1 + error) * 10 ** pair.places;
    const bid = Math.max(1, Math.floor(middle * (1 - pair.spread / 2)));
    const ask = Math.max(bid + 1, Math.ceil(middle * (1 + pair.spread / 2)));
    // Trades meet the bid or the ask.
    const last = lattice(stream + 5, Math.floor(at / 50)) < 0 ? bid : ask;
    return { bid, ask, last };
  }
}

function lastTrade({ tradeEveryMs }: SimulatedPair, stream: number, at: number): number {
  const phase = Math.floor(fraction(stream) * tradeEveryMs);
  const whole = Math.floor(at);
  return whole - ((whole + phase) % tradeEveryMs);
}

/** The simulated market as what an exchange server answers from. */
export function simulatedFeed(market: SimulatedMarket, now: () => number): ExchangeFeed {
  const listings = market.listings();
  const all = listings.map(({ symbol }) => symbol);
  const tickers: ExchangeFeed['tickers'] = (at, symbols = all) =>
    symbols.map((symbol) => market.ticker(symbol, at)).filter((ticker) => ticker !== null);
  return {
    ...{ now, tickers },
    listings: () => listings,
    klines: (query, isGone) => knownKlines({ now, tickers }, query, 1, isGone),
  };
}
