import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ticker } from '../../src/domain/frame.js';
import { cellAt, submatrix } from '../../src/domain/pair-table.js';
import { rowMeans } from '../../src/domain/quant.js';
import { rateAge } from '../../src/domain/rates/provenance.js';
import { expectAgreement, expectClose, figuresOf } from '../support/agreement.js';
import { consistentMarket, market, OBSERVED_AT } from '../support/arbitraries.js';
import { definedConsistency, definedFigures } from '../support/definitions.js';

describe('the reference case: BTCUSDT opened at 60000, last 61000', () => {
  const ticker: Ticker = {
    symbol: 'BTCUSDT',
    base: 'BTC',
    quote: 'USDT',
    last: 61_000,
    open: 60_000,
    bid: 60_999,
    ask: 61_000,
    quoteVolume: 1,
    closeTime: OBSERVED_AT,
  };
  const figures = figuresOf([ticker], OBSERVED_AT, ['BTC', 'USDT']);

  it.each([
    ['ID_BENCHMARK', [1, 61_000, 1 / 61_000, 1]],
    ['ID_DELTA', [0, 1_000, -2.732240437158e-7, 0]],
    ['ID_PERCENT', [0, 1.6666666666666, -1.6393442622951, 0]],
    ['QUANTID', [0, 1, ((1 - 1 / 61) * (-1 / 61)) / ((1 + 1 / 60) * (1 / 60)), 0]],
  ] as const)('%s', (kind, cells) => {
    const matrix = figures.matrix(kind);
    expect(submatrix(matrix, [0, 1], [0, 1]).flat()).toEqual(
      cells.map((value) => expect.closeTo(value, 12) as number),
    );
    expect((matrix.cells[2] as number) / cells[2]).toBeCloseTo(1, 12);
  });

  it('has its scale', () => {
    expect(figures.matrix('QUANTID').scale).toBeCloseTo((61 / 60) * (1 / 60), 15);
  });

  it('has no ID_PCT at a first turn, not even on the diagonal', () => {
    expect(submatrix(figures.since(null).matrix('ID_PCT'), [0, 1], [0, 1]).flat()).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the matrices of any market', () => {
  it('agree with the definitions, worked out independently', () => {
    fc.assert(
      fc.property(market, ({ universe, tickers }) => {
        const figures = figuresOf(tickers, OBSERVED_AT, universe);
        const defined = definedFigures(tickers, OBSERVED_AT, universe);
        expectAgreement(figures, defined, OBSERVED_AT);
        expectClose([figures.matrix('QUANTID').scale], [defined.scale]);
        expectClose(figures.strengths, defined.strengths);
        expectClose(rowMeans(figures.matrix('QUANTID')), defined.rowMeans);
      }),
      { numRuns: 300 },
    );
  });

  it('are inverse to each other across the diagonal, unless both directions are listed', () => {
    fc.assert(
      fc.property(market, ({ universe, tickers }) => {
        const { rates } = figuresOf(tickers, OBSERVED_AT, universe);
        const { size, last, open } = rates;
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            const sources = [rates.source(i, j), rates.source(j, i)];
            if (sources[0] === null) expect(sources[1]).toBeNull();
            else if (sources.join() !== 'DIRECT,DIRECT') {
              const [there, back] = [i * size + j, j * size + i];
              expect((last[there] as number) * (last[back] as number)).toBeCloseTo(1, 11);
              expect((open[there] as number) * (open[back] as number)).toBeCloseTo(1, 11);
            }
          }
        }
      }),
    );
  });

  it('have deltas and percents that follow from B and A in every cell, inverse and cross too', () => {
    fc.assert(
      fc.property(market, ({ universe, tickers }) => {
        const figures = figuresOf(tickers, OBSERVED_AT, universe);
        const { last, open } = figures.rates;
        const [deltas, percents] = [figures.matrix('ID_DELTA'), figures.matrix('ID_PERCENT')];
        last.forEach((b, cell) => {
          const a = open[cell] as number;
          expect(deltas.cells[cell]).toBe(b - a);
          expect(percents.cells[cell]).toBe(100 * (b / a - 1));
        });
      }),
    );
  });

  it('have quantids in [-1, 1], with the largest at 1, and 0 on the diagonal', () => {
    fc.assert(
      fc.property(market, ({ universe, tickers }) => {
        const matrix = figuresOf(tickers, OBSERVED_AT, universe).matrix('QUANTID');
        const values = [...matrix.cells].filter((value) => !Number.isNaN(value));
        for (const value of values) expect(Math.abs(value)).toBeLessThanOrEqual(1);
        const largest = Math.max(...values.map(Math.abs));
        expect(largest).toBe(matrix.scale === 0 ? 0 : 1);
        universe.forEach((_, i) => expect(cellAt(matrix, i, i)).toBe(0));
      }),
    );
  });

  it('change nothing but their order with the order of the universe, bit for bit', () => {
    fc.assert(
      fc.property(market, fc.infiniteStream(fc.nat()), ({ universe, tickers }, order) => {
        const keys = new Map(universe.map((asset) => [asset, order.next().value as number]));
        const shuffled = [...universe].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        const one = figuresOf(tickers, OBSERVED_AT, universe);
        const other = figuresOf(tickers, OBSERVED_AT, shuffled);
        const position = shuffled.map((asset) => universe.indexOf(asset));
        for (const kind of ['ID_BENCHMARK', 'ID_DELTA', 'ID_PERCENT', 'QUANTID'] as const) {
          expect(submatrix(one.matrix(kind), position, position)).toEqual(
            submatrix(other.matrix(kind), [...shuffled.keys()], [...shuffled.keys()]),
          );
        }
        expect(other.consistency).toEqual(one.consistency);
      }),
    );
  });
});

/** Markets in which pairs are listed twice under two names, and some prices leave the range of a double. */
const crowdedMarket = fc
  .tuple(market, fc.array(fc.tuple(fc.boolean(), fc.constantFrom(1, 1, 1e200, 1e-200))))
  .map(([{ universe, tickers }, oddities]) => ({
    universe,
    tickers: tickers.flatMap((ticker, at): Ticker[] => {
      const [isTwice, factor] = oddities[at] ?? [false, 1];
      const one = { ...ticker, last: ticker.last * factor, open: ticker.open * factor };
      const other = { ...ticker, symbol: `${ticker.symbol}2`, closeTime: ticker.closeTime - 500 };
      return isTwice ? [one, other] : [one];
    }),
  }));

it('ages and legs of all cells are those of the path of each cell', () => {
  fc.assert(
    fc.property(crowdedMarket, ({ universe, tickers }) => {
      const { rates, provenance } = figuresOf(tickers, OBSERVED_AT, universe);
      const every = [...universe.keys()];
      const cells = <T>(value: (i: number, j: number) => T): T[] =>
        every.flatMap((i) => every.map((j) => value(i, j)));
      expect(cells((i, j) => cellAt(provenance.ages, i, j))).toEqual(
        cells((i, j) => rateAge(rates, OBSERVED_AT, i, j)),
      );
      expect(cells((i, j) => cellAt(provenance.legs, i, j))).toEqual(
        cells((i, j) => (rates.source(i, j) === null ? null : rates.path(i, j).length)),
      );
    }),
    { numRuns: 300 },
  );
});

it('the log strengths of a consistent market, each asset reachable, sum to 0', () => {
  fc.assert(
    fc.property(consistentMarket, ({ universe, tickers }) => {
      const { strengths, rates } = figuresOf(tickers, OBSERVED_AT, universe);
      fc.pre(rates.last.every((rate) => !Number.isNaN(rate)));
      const logs = strengths.map((strength) => Math.log(1 + (strength ?? 0) / 100));
      expect(logs.reduce((sum, log) => sum + log, 0)).toBeCloseTo(0, 9);
    }),
  );
});

describe('ID_PCT', () => {
  it('is the difference of percents where both turns have the cell, and null elsewhere', () => {
    fc.assert(
      fc.property(market, market, (now, before) => {
        const current = figuresOf(now.tickers, OBSERVED_AT, now.universe);
        const former = figuresOf(before.tickers, OBSERVED_AT - 8_000, before.universe);
        const change = current.since(former).matrix('ID_PCT');
        now.universe.forEach((base, i) => {
          now.universe.forEach((quote, j) => {
            const [row, column] = [before.universe.indexOf(base), before.universe.indexOf(quote)];
            const then =
              row < 0 || column < 0 ? null : cellAt(former.matrix('ID_PERCENT'), row, column);
            const value = cellAt(current.matrix('ID_PERCENT'), i, j);
            const expected = then === null || value === null ? null : value - then;
            expect(cellAt(change, i, j)).toBe(expected);
          });
        });
      }),
    );
  });
});

describe('consistency', () => {
  it('agrees with the definition, worked out independently', () => {
    fc.assert(
      fc.property(market, ({ universe, tickers }) => {
        const figures = figuresOf(tickers, OBSERVED_AT, universe);
        const found = figures.consistency;
        const triangles = figures.triangles();
        const defined = definedConsistency(tickers);
        expect(Object.fromEntries(triangles.map(({ pair, legs }) => [pair, legs]))).toEqual(
          Object.fromEntries([...defined].map(([pair, [, legs]]) => [pair, legs])),
        );
        const tickerOf = (name: string) => tickers.find(({ symbol }) => symbol === name) as Ticker;
        for (const { pair, base, quote, legs, direct, synthetic, bps, ageMs } of triangles) {
          const ticker = tickerOf(pair);
          const closed = [pair, ...legs].map((name) => tickerOf(name).closeTime);
          expect(ageMs).toBe(Math.max(0, OBSERVED_AT - Math.min(...closed)));
          expect(ticker).toMatchObject({ base, quote, last: direct });
          expect(bps).toBeCloseTo(defined.get(pair)?.[0] as number, 6);
          expect(1e4 * Math.abs(Math.log(direct / synthetic))).toBeCloseTo(bps, 6);
        }
        const falling = triangles.map(({ bps }) => bps);
        expect(falling).toEqual(falling.toSorted((a, b) => b - a));
        const values = [...defined.values()].map(([bps]) => bps).sort((a, b) => a - b);
        if (values.length === 0) {
          expect(found).toEqual({ medianBps: null, maxBps: null, worst: null });
          return;
        }
        const middle = (values.length - 1) / 2;
        const median =
          ((values[Math.floor(middle)] as number) + (values[Math.ceil(middle)] as number)) / 2;
        expect(found.medianBps).toBeCloseTo(median, 6);
        expect(found.maxBps).toBeCloseTo(values.at(-1) as number, 6);
        const [pair, ...legs] = found.worst ?? [];
        const [bps, definedLegs] = defined.get(pair ?? '') ?? [];
        expect(bps).toBeCloseTo(found.maxBps ?? 0, 6);
        expect(legs).toEqual(definedLegs);
      }),
      { numRuns: 300 },
    );
  });
});
