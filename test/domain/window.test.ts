import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/domain/series/span.js';
import { logReturns } from '../../src/domain/window/returns.js';
import { volatility } from '../../src/domain/window/volatility.js';
import {
  Window,
  WINDOW_KINDS,
  type AssetReturns,
  type WindowKind,
} from '../../src/domain/window/window-matrix.js';

const NONE = NaN;
const asset = (returns: readonly number[], stale: readonly number[] = []): AssetReturns => ({
  returns: Float64Array.from(returns),
  isStale: Uint8Array.from(returns, (_, k) => (stale.includes(k) ? 1 : 0)),
});

function cell(kind: WindowKind, assets: readonly AssetReturns[], lag = 0, i = 0, j = 1) {
  const { values, counts, staleCounts } = new Window(assets, lag).row(i, [j]);
  return { value: values[kind][0] as number, n: counts[0], stale: staleCounts[0] };
}

/** By plain loops over lists of pairs, from the definition's words. */
function defined(kind: WindowKind, i: AssetReturns, j: AssetReturns, lag: number): number | null {
  const pairs: [number, number][] = [];
  for (let k = lag; k < i.returns.length; k++) {
    const [a, b] = [i.returns[k] as number, j.returns[k - lag] as number];
    if (!Number.isNaN(a) && !Number.isNaN(b)) pairs.push([a, b]);
  }
  const n = pairs.length;
  if (n < 3) return null;
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[at], 0) / n;
  const [meanA, meanB] = [mean(0), mean(1)];
  const over = (of: (a: number, b: number) => number): number =>
    pairs.reduce((sum, [a, b]) => sum + of(a - meanA, b - meanB), 0) / (n - 1);
  const covariance = over((a, b) => a * b);
  const isFlat = (at: 0 | 1): boolean => new Set(pairs.map((pair) => pair[at])).size === 1;
  if (kind === 'COVARIANCE') return covariance;
  if (isFlat(1) || (kind === 'CORRELATION' && isFlat(0))) return null;
  const [varianceA, varianceB] = [over((a) => a * a), over((_, b) => b * b)];
  return kind === 'BETA' ? covariance / varianceB : covariance / Math.sqrt(varianceA * varianceB);
}

/** Of how many buckets, and of how many of these either was stale at the last turn. */
function definedCounts(i: AssetReturns, j: AssetReturns, lag: number): [number, number] {
  let [n, stale] = [0, 0];
  for (let k = lag; k < i.returns.length; k++) {
    if (Number.isNaN(i.returns[k]) || Number.isNaN(j.returns[k - lag])) continue;
    n++;
    if (i.isStale[k] === 1 || j.isStale[k - lag] === 1) stale++;
  }
  return [n, stale];
}

describe('returns', () => {
  it('are the logarithms of the ratios of neighbours, and none where either has no price', () => {
    const returns = logReturns(Float64Array.of(1, Math.E, NONE, 2, 2, 1));
    expect([...returns]).toEqual([1, NaN, NaN, 0, Math.log(0.5)]);
    expect(logReturns(new Float64Array(0))).toHaveLength(0);
    expect([...logReturns(Float64Array.of(1e-300, 1e300, 1e-300))]).toEqual([NaN, NaN]);
  });
});

describe('the figures of a window', () => {
  const [x, y] = [asset([1, 2, 3, 6]), asset([2, 1, 4, 5])];

  it.each<[WindowKind, number, number, number, number]>([
    // Means 3 and 3; deviations -2 -1 0 3 and -1 -2 1 2; squares 14 and 10; products 10.
    ['CORRELATION', 0, 0, 1, 10 / Math.sqrt(140)],
    ['COVARIANCE', 0, 0, 1, 10 / 3],
    ['COVARIANCE', 0, 1, 1, 10 / 3],
    ['BETA', 0, 0, 1, 1],
    ['BETA', 0, 1, 0, 10 / 14],
    ['CORRELATION', 0, 0, 0, 1],
    // x at 2 3 6 against y one earlier, 2 1 4: deviations -5/3 -2/3 7/3 and -1/3 -4/3 5/3.
    ['COVARIANCE', 1, 0, 1, 16 / 6],
    ['BETA', 1, 0, 1, 16 / 14],
    // On the diagonal: 2 3 6 against 1 2 3.
    ['COVARIANCE', 1, 0, 0, 2],
    ['CORRELATION', 1, 0, 0, 4 / Math.sqrt((26 / 3) * 2)],
  ])('by hand: %s at lag %i of %i and %i is %d', (kind, lag, i, j, value) => {
    expect(cell(kind, [x, y], lag, i, j).value).toBeCloseTo(value, 14);
  });

  it('are over the buckets where both have a return, none with fewer than 3', () => {
    const gapped = [asset([NONE, 1, 2, 3, 6]), asset([9, 2, 1, 4, 5])];
    expect(cell('COVARIANCE', gapped)).toEqual({ value: 10 / 3, n: 4, stale: 0 });
    const two = [asset([NONE, 1, 2, 3]), asset([9, 2, NONE, 4])];
    expect(cell('COVARIANCE', two)).toEqual({ value: NaN, n: 2, stale: 0 });
    expect(cell('CORRELATION', [asset([NONE]), x])).toEqual({ value: NaN, n: 0, stale: 0 });
  });

  it('count the common buckets at which the rate of either was stale', () => {
    const [i, j] = [asset([1, 2, NONE, 6, 5], [0, 2, 3]), asset([2, 1, 4, 5, NONE], [3, 1, 4])];
    expect(cell('BETA', [i, j])).toMatchObject({ n: 3, stale: 3 });
    // Of i the buckets 1 2 3 4, of j 0 1 2 3: bucket 3 of i, and bucket 3 of j with 4 of i.
    expect(cell('BETA', [i, j], 1)).toMatchObject({ n: 3, stale: 2 });
  });

  it('do not exist where one does not vary, but for what needs no variance of it', () => {
    const flat = asset([0.1, 0.1, 0.1, 0.1]);
    expect(cell('CORRELATION', [x, flat]).value).toBeNaN();
    expect(cell('CORRELATION', [flat, flat], 0, 0, 0).value).toBeNaN();
    expect(cell('BETA', [x, flat]).value).toBeNaN();
    expect(cell('BETA', [flat, x]).value).toBeCloseTo(0, 14);
    // The mean of these, rounded, is none of them.
    const odd = [asset([1, 2, 6]), asset([0.1, 0.1, 0.1])];
    expect(cell('CORRELATION', odd).value).toBeNaN();
    expect(cell('BETA', odd).value).toBeNaN();
    const gapped = [asset([NONE, 1, 2, 6]), asset([5, 0.1, 0.1, 0.1])];
    expect(cell('CORRELATION', gapped).value).toBeNaN();
    expect(cell('BETA', gapped).value).toBeNaN();
    expect(cell('COVARIANCE', [x, flat]).value).toBeCloseTo(0, 14);
  });
});

/** Returns of the size that prices make them, some equal to others, some missing. */
const returnOf = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -2e8, max: 2e8 }).map((n) => n / 1e9) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0.001, -0.001) },
  { weight: 1, arbitrary: fc.constant(NONE) },
);
const assetsOf = (one: fc.Arbitrary<number>) =>
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 3, max: 30 }))
    .chain(([count, length]) =>
      fc.array(
        fc
          .tuple(
            fc.array(one, { minLength: length, maxLength: length }),
            fc.array(fc.nat(length), { maxLength: 3 }),
          )
          .map(([returns, stale]) => asset(returns, stale)),
        { minLength: count, maxLength: count },
      ),
    );
const whole = returnOf.filter((value) => !Number.isNaN(value));

describe('a window of any returns', () => {
  it('has the figures of an independent program', () => {
    fc.assert(
      fc.property(assetsOf(returnOf), fc.nat(4), (assets, earlier) => {
        // As many returns are before a window.
        const lag = Math.min(earlier, assets[0]?.returns.length ?? 0);
        const window = new Window(assets, lag);
        for (const kind of WINDOW_KINDS) {
          assets.forEach((own, i) => {
            const { values: all, counts, staleCounts } = window.row(i, [...assets.keys()]);
            const values = all[kind];
            assets.forEach((other, j) => {
              expect([counts[j], staleCounts[j]]).toEqual(definedCounts(own, other, lag));
              const expected = defined(kind, own, other, lag);
              const value = values[j] as number;
              if (expected === null) expect(value).toBeNaN();
              else
                expect(Math.abs(value - expected)).toBeLessThanOrEqual(
                  1e-12 * Math.max(1, Math.abs(expected)),
                );
            });
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has correlations in [-1, 1], symmetric at lag 0, and 1 of what varies with itself', () => {
    fc.assert(
      fc.property(assetsOf(returnOf), (assets) => {
        const window = new Window(assets, 0);
        const places = [...assets.keys()];
        const rows = places.map((i) => window.row(i, places).values.CORRELATION);
        for (const i of places) {
          for (const j of places) {
            const value = rows[i]?.[j] as number;
            expect(Number.isNaN(value) || Math.abs(value) <= 1).toBe(true);
            expect(rows[j]?.[i]).toBe(value);
          }
          const own = [...(assets[i] as AssetReturns).returns].filter(
            (value) => !Number.isNaN(value),
          );
          expect(rows[i]?.[i]).toBe(own.length >= 3 && new Set(own).size > 1 ? 1 : NaN);
        }
      }),
    );
  });

  it('has covariances that no portfolio makes negative, where no return is missing', () => {
    const weights = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(assetsOf(whole), weights, (assets, weights) => {
        const window = new Window(assets, 0);
        const places = [...assets.keys()];
        let variance = 0;
        for (const i of places) {
          const values = window.row(i, places).values.COVARIANCE;
          for (const j of places) {
            variance += (weights[i] as number) * (weights[j] as number) * (values[j] as number);
          }
        }
        expect(variance).toBeGreaterThanOrEqual(-1e-15);
      }),
    );
  });

  it('has no variance of the numeraire in itself', () => {
    const prices = new Float64Array(20).fill(1);
    const own = { returns: logReturns(prices), isStale: new Uint8Array(19) };
    expect([...own.returns]).toEqual(new Array(19).fill(0));
    expect(cell('COVARIANCE', [own], 0, 0, 0).value).toBe(0);
    expect(cell('CORRELATION', [own], 0, 0, 0).value).toBeNaN();
  });
});

describe('volatility', () => {
  it.each<[number[], number, number]>([
    // Mean 0, squares 4, over 3: sd = sqrt(4 / 3) of 365 days.
    [[1, -1, 1, -1], DAY, 100 * Math.sqrt(4 / 3) * Math.sqrt(365)],
    [[0.01, NONE, 0.03, 0.02], HOUR, 100 * 0.01 * Math.sqrt(365 * 24)],
    [[0.01, 0.01, 0.01], MINUTE, 0],
    [[0.01, 0.02, NONE], MINUTE, NaN],
    [[], MINUTE, NaN],
  ])('by hand: of %j each %i ms it is %d percent a year', (returns, every, percent) => {
    const found = volatility(Float64Array.from(returns), every);
    if (Number.isNaN(percent)) expect(found).toBeNaN();
    else expect(found).toBeCloseTo(percent, 10);
  });

  it('is the root of the variance, for a year', () => {
    fc.assert(
      fc.property(assetsOf(returnOf), ([own]) => {
        const { value } = cell('COVARIANCE', [own as AssetReturns], 0, 0, 0);
        const percent = volatility((own as AssetReturns).returns, HOUR);
        if (Number.isNaN(value)) expect(percent).toBeNaN();
        else expect(percent).toBeCloseTo(100 * Math.sqrt(value * 365 * 24), 9);
      }),
    );
  });
});
