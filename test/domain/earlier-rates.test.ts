import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CycleFigures } from '../../src/domain/cycle.js';
import { matrixDifference, MATRICES, MATRIX_KINDS, type Matrix } from '../../src/domain/matrix.js';
import { cellOf } from '../../src/domain/pair-table.js';
import { figuresOf } from '../support/agreement.js';
import { market, OBSERVED_AT, type Market } from '../support/arbitraries.js';

const figures = ({ tickers, universe }: Market, at = OBSERVED_AT): CycleFigures =>
  figuresOf(tickers, at, universe);

/** Every cell of a matrix with what it should be by the definition. */
function expectCells(
  matrix: Matrix,
  defined: (base: string, quote: string) => number | null,
): void {
  const { universe } = matrix;
  const pairs = universe.flatMap((base) => universe.map((quote) => [base, quote] as const));
  expect(pairs.map(([base, quote]) => cellOf(matrix, base, quote))).toEqual(
    pairs.map(([base, quote]) => defined(base, quote)),
  );
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

describe('rates held against those of an earlier frame', () => {
  it('take the rate of each cell there, by its own path there, for the one of 24 h ago', () => {
    fc.assert(
      fc.property(market, market, (now, then) => {
        const [later, earlier] = [figures(now), figures(then, OBSERVED_AT - 60_000)];
        const of = (from: CycleFigures, base: string, quote: string): number =>
          cellOf(from.matrix('ID_BENCHMARK'), base, quote) ?? NaN;
        const k = (base: string, quote: string): number => {
          const [b, a] = [of(later, base, quote), of(earlier, base, quote)];
          return ((1 + (100 * (b / a - 1)) / 100) * (b - a)) / a;
        };
        const all = now.universe.flatMap((base) =>
          now.universe.filter((quote) => quote !== base).map((quote) => Math.abs(k(base, quote))),
        );
        const scale = Math.max(0, ...all.filter(Number.isFinite));
        const looked = later.lookBack(earlier);
        expectCells(looked.matrix('ID_DELTA'), (base, quote) =>
          finiteOrNull(of(later, base, quote) - of(earlier, base, quote)),
        );
        expectCells(looked.matrix('ID_PERCENT'), (base, quote) =>
          finiteOrNull(100 * (of(later, base, quote) / of(earlier, base, quote) - 1)),
        );
        expect(looked.matrix('QUANTID').scale).toBe(scale);
        expectCells(looked.matrix('QUANTID'), (base, quote) =>
          finiteOrNull(scale === 0 ? k(base, quote) * 0 : k(base, quote) / scale),
        );
      }),
    );
  });

  it('are null throughout where there is no earlier frame', () => {
    fc.assert(
      fc.property(market, (now) => {
        const looked = figures(now).lookBack(null);
        for (const kind of ['ID_DELTA', 'ID_PERCENT', 'QUANTID'] as const) {
          expectCells(looked.matrix(kind), () => null);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are worked out once for each earlier frame', () => {
    const [now, one, other] = fc.sample(market, { numRuns: 3, seed: 7 }) as [
      Market,
      Market,
      Market,
    ];
    const later = figures(now);
    const [first, second] = [figures(one), figures(other)];
    const matrix = later.lookBack(first).matrix('ID_DELTA');
    expect(later.lookBack(second).matrix('ID_DELTA')).not.toBe(matrix);
    expect(later.lookBack(first).matrix('ID_DELTA')).toBe(matrix);
  });
});

describe('the difference of two matrices of a kind', () => {
  it('is that of each cell over the universe of the first, null where either is', () => {
    fc.assert(
      fc.property(market, market, fc.constantFrom(...MATRIX_KINDS), (now, then, kind) => {
        const [one, other] = [figures(now), figures(then)].map((each) =>
          each.since(null).matrix(kind),
        ) as [Matrix, Matrix];
        const difference = matrixDifference(one, other);
        expect(difference).toMatchObject({
          kind,
          scale: null,
          universe: now.universe,
          unit: MATRICES[kind].unitOfDifference,
        });
        expectCells(difference, (base, quote) => {
          const [a, b] = [cellOf(one, base, quote), cellOf(other, base, quote)];
          return a === null || b === null ? null : finiteOrNull(a - b);
        });
      }),
    );
  });

  it('of percents is in percentage points', () => {
    expect(MATRICES.ID_PERCENT.unitOfDifference).toBe('PERCENTAGE_POINTS');
  });
});
