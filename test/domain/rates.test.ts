import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrice, type Ticker } from '../../src/domain/frame.js';
import { PairGraphs } from '../../src/domain/rates/pair-graph.js';
import { PathSearch } from '../../src/domain/rates/path-search.js';
import { Rates } from '../../src/domain/rates/rates.js';
import { bestChoice } from '../../src/domain/rates/two-leg-choices.js';
import { OBSERVED_AT, type Market } from '../support/arbitraries.js';
import { definedRate } from '../support/definitions.js';

/** Bids and asks: unknown spreads, ties, and some that vanish in a sum with larger ones. */
const book = fc.constantFrom(
  [0, 0],
  [1, 1],
  [1 - 2 ** -53, 1],
  [1, 1 + 2 ** -52],
  [0.02, 1.98],
  [0.9, 1.1],
  [0.99, 1.01],
);

const listing = fc.record({
  book,
  last: fc.constantFrom(1, 3, 0.7, 1e-5, 1e200, 1e-200),
  move: fc.constantFrom(1, 1.1, 0.9),
  /** The names of legs are in no relation to those of their assets. */
  name: fc.integer({ min: 10_000, max: 99_999 }),
});

/** Assets that are joined to an earlier one or two each: chains, trees, rings, grids, stars. */
const sparse = joined({ assets: 10, reach: 3, more: 4 });
/** Assets of which most are joined to each other, many of them by several legs. */
const dense = joined({ assets: 6, reach: 6, more: 12 });

function joined(most: { assets: number; reach: number; more: number }): fc.Arbitrary<Market> {
  const link = fc.record({
    back: fc.integer({ min: 1, max: most.reach }),
    isTurned: fc.boolean(),
    listing,
  });
  return fc
    .record({
      names: fc.uniqueArray(fc.constantFrom(...'ABCDEFGHIJKLMN'), {
        minLength: 2,
        maxLength: most.assets,
      }),
      links: fc.array(link, { minLength: most.assets, maxLength: most.assets }),
      more: fc.array(fc.tuple(fc.nat(), link), { maxLength: most.more }),
    })
    .map(({ names, links, more }) => {
      const all = [
        ...links.slice(1, names.length).map((one, at) => [at + 1, one] as const),
        ...more.map(([at, one]) => [1 + (at % (names.length - 1)), one] as const),
      ];
      const tickers = all.map(([at, { back, isTurned, listing }], number): Ticker => {
        const pair = [names[at]!, names[Math.max(0, at - back)]!];
        const [base, quote] = isTurned ? pair.reverse() : pair;
        const { last, move, name, book } = listing;
        return {
          symbol: `${name}${number}`,
          base: base!,
          quote: quote!,
          last,
          open: last / move,
          bid: book[0],
          ask: book[1],
          quoteVolume: 1,
          closeTime: OBSERVED_AT - number,
        };
      });
      tickers.sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
      return { universe: names, tickers };
    });
}

const ratesOf = ({ universe, tickers }: Market, graphs = new PairGraphs()): Rates =>
  new Rates({ observedAt: OBSERVED_AT, tickers }, universe, graphs);

/** All that is known of each rate. */
function everyRate(rates: Rates): unknown[] {
  const every = [...rates.universe.keys()];
  return every.flatMap((i) =>
    every.map((j) => [
      rates.source(i, j),
      rates.path(i, j).map(({ symbol }) => symbol),
      rates.last[i * rates.size + j],
      rates.open[i * rates.size + j],
    ]),
  );
}

describe.each([
  ['sparse', sparse],
  ['dense', dense],
])('the rates of a %s universe', (_name, market) => {
  it('go along the best of all paths, worked out one by one, bit for bit', () => {
    fc.assert(
      fc.property(market, ({ universe, tickers }) => {
        const defined = universe.flatMap((i) =>
          universe.map((j) => {
            const rate = definedRate(tickers, OBSERVED_AT, i, j);
            if (rate === null || !isPrice(rate.last) || !isPrice(rate.open)) {
              return [null, [], NaN, NaN];
            }
            return [rate.source, rate.path, rate.last, rate.open];
          }),
        );
        expect(everyRate(ratesOf({ universe, tickers }))).toEqual(defined);
      }),
      { numRuns: 500 },
    );
  });

  it('take of two-leg paths, found in less time, the ones that the search finds', () => {
    fc.assert(
      fc.property(market, (made) => {
        const { graph, prices } = ratesOf(made);
        const { choices, backOf } = graph;
        const search = new PathSearch(graph, prices);
        for (let start = 0; start < graph.size; start++) {
          search.from(start);
          const found = [...made.universe.keys()].filter((end) => search.legsTo(end) === 2);
          const [from, to] = [choices.pairsFrom[start]!, choices.pairsFrom[start + 1]!];
          const pairs = Array.from({ length: to - from }, (_, n) => from + n);
          const chosen = pairs.map((pair): [number, number[]] => {
            const best = bestChoice(choices, prices.spread, pair);
            return [choices.endOf[pair]!, [choices.first[best]!, backOf[choices.back[best]!]!]];
          });
          expect(new Map(chosen)).toEqual(
            new Map(found.filter((end) => end > start).map((end) => [end, search.stepsTo(end)])),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is carried from frame to frame', () => {
  it('changes no rate, whatever was listed before', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(sparse, dense), { maxLength: 6 }), (markets) => {
        const graphs = new PairGraphs();
        for (const market of [...markets, ...markets]) {
          expect(everyRate(ratesOf(market, graphs))).toEqual(everyRate(ratesOf(market)));
        }
      }),
    );
  });

  it.each([
    ['another quote', { base: 'A', quote: 'C' }],
    ['another base', { base: 'C', quote: 'B' }],
    ['base and quote exchanged', { base: 'B', quote: 'A' }],
  ])('is given up where a symbol comes to mean a pair with %s', (_name, pair) => {
    const [ticker] = fc.sample(dense, { numRuns: 1, seed: 1 })[0]!.tickers;
    const universe = ['A', 'B', 'C'];
    const before = { universe, tickers: [{ ...ticker!, base: 'A', quote: 'B', last: 2, open: 2 }] };
    const after = { universe, tickers: [{ ...before.tickers[0]!, ...pair }] };
    const graphs = new PairGraphs();
    ratesOf(before, graphs);
    expect(everyRate(ratesOf(after, graphs))).toEqual(everyRate(ratesOf(after)));
    expect(graphs.of({ observedAt: OBSERVED_AT, ...after }, universe)).toBe(
      graphs.of({ observedAt: OBSERVED_AT + 1, ...after }, [...universe]),
    );
  });

  it('is given up where the same assets stand in another order', () => {
    const { tickers, universe } = fc.sample(dense, { numRuns: 1, seed: 2 })[0]!;
    const graphs = new PairGraphs();
    const turned = { tickers, universe: [...universe].reverse() };
    ratesOf({ tickers, universe }, graphs);
    expect(everyRate(ratesOf(turned, graphs))).toEqual(everyRate(ratesOf(turned)));
  });
});
