import fc from 'fast-check';
import type { Ticker } from '../../src/domain/frame.js';

const NAMES = ['AAA', 'BTC', 'DOGE', 'ETH', 'EUR', 'USDC', 'USDT', 'X'];
export const OBSERVED_AT = 1_700_000_000_000;

export interface Market {
  readonly universe: readonly string[];
  readonly tickers: readonly Ticker[];
}

/** Prices over ten orders of magnitude, some of them alike. */
const price = fc.oneof(
  fc.constantFrom(1, 2, 0.5, 1000),
  fc.double({ min: 1e-5, max: 1e5, noNaN: true, noDefaultInfinity: true }),
);

/** Spreads: unknown ones, nonsense, ties, and any. */
const book = fc.oneof(
  fc.constantFrom([0, 0], [1, 0.9], [0, 1], [0.999, 1.001], [1, 1]),
  fc.tuple(
    fc.double({ min: 0.9, max: 1, noNaN: true }),
    fc.double({ min: 1, max: 1.1, noNaN: true }),
  ),
) as fc.Arbitrary<[number, number]>;

const move = fc.double({ min: 0.5, max: 2, noNaN: true });

const quotation = fc.record({
  last: price,
  move,
  book,
  ageMs: fc.integer({ min: -2_000, max: 100_000 }),
  quoteVolume: fc.constant(1),
});

/** A market of two to eight assets and any of the pairs among them, listed either way, or both. */
export const market: fc.Arbitrary<Market> = fc
  .shuffledSubarray(NAMES, { minLength: 2 })
  .chain((universe) => {
    const pairs = universe.flatMap((base) =>
      universe.filter((quote) => quote !== base).map((quote) => ({ base, quote })),
    );
    return fc
      .tuple(
        fc.subarray(pairs, { maxLength: Math.min(14, pairs.length) }),
        fc.array(quotation, { minLength: 14, maxLength: 14 }),
      )
      .map(([listed, quotations]) => ({
        universe,
        tickers: listed
          .map(({ base, quote }, index): Ticker => {
            const {
              last,
              move,
              book: [bid, ask],
              ageMs,
              quoteVolume,
            } = quotations[index] as (typeof quotations)[number];
            return {
              symbol: base + quote,
              base,
              quote,
              last,
              open: last / move,
              bid: last * bid,
              ask: last * ask,
              quoteVolume,
              closeTime: OBSERVED_AT - ageMs,
            };
          })
          .sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
      }));
  });

/** A market in which every asset has one worth, and all prices agree with it. */
export const consistentMarket: fc.Arbitrary<Market> = fc
  .tuple(market, fc.array(fc.tuple(price, move), { minLength: 8, maxLength: 8 }))
  .map(([{ universe, tickers }, worths]) => {
    const worth = (asset: string): [number, number] => {
      const [now, moved] = worths[universe.indexOf(asset)] as [number, number];
      return [now, now / moved];
    };
    return {
      universe,
      tickers: tickers.map((ticker) => {
        const [base, quote] = [worth(ticker.base), worth(ticker.quote)];
        return { ...ticker, last: base[0] / quote[0], open: base[1] / quote[1] };
      }),
    };
  });
