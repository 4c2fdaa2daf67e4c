import type { Asset } from '../../domain/asset.js';
import { fraction, hashText } from './noise.js';

/** How an asset behaves in the simulated market. */
export interface AssetTraits {
  /** Its worth in the market's hidden numeraire, about one US dollar, at rest. */
  readonly worth: number;
  /** How far it follows the move that all share. */
  readonly beta: number;
  /** Its own move in a day, as a fraction. */
  readonly volatility: number;
}

const KNOWN: Readonly<Record<Asset, AssetTraits>> = {
  USDT: { worth: 1, beta: 0, volatility: 0.00008 },
  BTC: { worth: 66_000, beta: 1, volatility: 0.01 },
  ETH: { worth: 3_300, beta: 1.2, volatility: 0.015 },
  BNB: { worth: 575, beta: 0.9, volatility: 0.015 },
  DOGE: { worth: 0.13, beta: 1.4, volatility: 0.03 },
  USDC: { worth: 1, beta: 0, volatility: 0.00008 },
  BRL: { worth: 0.18, beta: 0.03, volatility: 0.005 },
  EUR: { worth: 1.08, beta: 0.02, volatility: 0.003 },
  JPY: { worth: 0.0065, beta: 0, volatility: 0.004 },
};

/** The default universe of the simulated market. */
export const KNOWN_ASSETS: readonly Asset[] = Object.keys(KNOWN);

/** Traits of an asset; one without a real model gets some of its own by its name. */
export function traitsOf(asset: Asset, seed: number): AssetTraits {
  const known = Object.hasOwn(KNOWN, asset) ? KNOWN[asset] : undefined;
  if (known) return known;
  const draw = (trait: string): number => fraction(hashText(`${trait} ${asset}`, seed));
  return {
    worth: 10 ** (-2 + 5 * draw('worth')),
    beta: 0.5 + draw('beta'),
    volatility: 0.01 + 0.04 * draw('volatility'),
  };
}

/** A pair that the simulated market lists. */
export interface SimulatedPair {
  readonly base: Asset;
  readonly quote: Asset;
  /** Decimal places of its prices. */
  readonly places: number;
  /** Ask over bid, as a fraction of the price, before rounding. */
  readonly spread: number;
  /** How long it takes to its next trade, at most: milliseconds. */
  readonly tradeEveryMs: number;
  /** Turnover in a day, in the numeraire. */
  readonly turnover: number;
}

/** The 28 pairs that Binance lists within the default universe, with the places of their ticks. */
const REAL_PAIRS: readonly (readonly [Asset, Asset, number])[] = [
  ['BTC', 'USDT', 2],
  ['ETH', 'USDT', 2],
  ['ETH', 'BTC', 5],
  ['BNB', 'USDT', 1],
  ['BNB', 'BTC', 6],
  ['BNB', 'ETH', 4],
  ['DOGE', 'USDT', 5],
  ['DOGE', 'BTC', 8],
  ['USDC', 'USDT', 4],
  ['BTC', 'USDC', 2],
  ['ETH', 'USDC', 2],
  ['BNB', 'USDC', 1],
  ['DOGE', 'USDC', 5],
  ['USDT', 'BRL', 3],
  ['BTC', 'BRL', 0],
  ['ETH', 'BRL', 2],
  ['BNB', 'BRL', 0],
  ['DOGE', 'BRL', 4],
  ['EUR', 'USDT', 4],
  ['EUR', 'USDC', 4],
  ['BTC', 'EUR', 2],
  ['ETH', 'EUR', 2],
  ['BNB', 'EUR', 1],
  ['DOGE', 'EUR', 5],
  ['BTC', 'JPY', 0],
  ['ETH', 'JPY', 0],
  ['BNB', 'JPY', 0],
  ['DOGE', 'JPY', 2],
];

/** The quotes that further assets are listed against, and how many of those assets are. */
const FURTHER_QUOTES: readonly (readonly [Asset, number])[] = [
  ['USDT', 1],
  ['BTC', 0.7],
  ['USDC', 0.4],
  ['BNB', 0.35],
  ['ETH', 0.3],
  ['EUR', 0.25],
];

/** The pairs listed among some assets: Binance's own, and about three for each further asset. */
export function pairsAmong(assets: readonly Asset[], seed: number): SimulatedPair[] {
  const members = new Set(assets);
  const real = REAL_PAIRS.filter(([base, quote]) => members.has(base) && members.has(quote)).map(
    ([base, quote, places]) => describe(base, quote, seed, places),
  );
  const further = [...members]
    .filter((asset) => !Object.hasOwn(KNOWN, asset))
    .flatMap((base) =>
      FURTHER_QUOTES.filter(
        ([quote, share]) =>
          members.has(quote) && fraction(hashText(`${base}/${quote}`, seed)) < share,
      ).map(([quote]) => describe(base, quote, seed)),
    );
  return [...real, ...further];
}

const MAJOR: ReadonlySet<Asset> = new Set(['USDT', 'BTC', 'ETH', 'USDC']);

function describe(base: Asset, quote: Asset, seed: number, places?: number): SimulatedPair {
  const price = traitsOf(base, seed).worth / traitsOf(quote, seed).worth;
  const draw = (trait: string): number => fraction(hashText(`${trait} ${base}/${quote}`, seed));
  const liquid = MAJOR.has(base) && MAJOR.has(quote);
  return {
    base,
    quote,
    places: places ?? Math.min(8, Math.max(0, 4 - Math.floor(Math.log10(price)))),
    spread: liquid ? 1e-5 : 1e-4 + 4e-4 * draw('spread'),
    tradeEveryMs: liquid ? 50 : 100 * Math.ceil(1 + 30 * draw('trades') ** 2),
    turnover: (liquid ? 1e9 : 1e6) * (0.2 + draw('turnover')),
  };
}
