import { describe, expect, it } from 'vitest';
import { assetsOfPath, pairOfSymbol } from '../../src/dashboard/help/symbols.js';
import {
  beta,
  correlation,
  covariance,
  growth,
  inconsistencyBps,
  kinetic,
  luggage,
  percentMove,
  quantid,
  rateBefore,
  returnsOf,
  smoothed,
  spreadBps,
  strength,
  volatility,
  windowSums,
} from '../../src/dashboard/help/work-out.js';
import { definedFigures } from '../support/definitions.js';
import { frameAt } from '../support/scripted-market.js';

const UNIVERSE = ['USDT', 'BTC', 'ETH', 'XRP'];

/** The cells of a row but the one on the diagonal. */
function row(cells: ReadonlyMap<string, number | null>, base: string): (number | null)[] {
  return UNIVERSE.filter((quote) => quote !== base).map(
    (quote) => cells.get(`${base}>${quote}`) ?? null,
  );
}

describe('the examples of the help', () => {
  it('come to what the definitions say, from what the API answers', () => {
    const frame = frameAt(1_700_000_000_000, 7);
    const { matrices, scale, strengths, rowMeans } = definedFigures(
      frame.tickers,
      frame.observedAt,
      UNIVERSE,
    );
    let compared = 0;
    for (const [cell, rate] of matrices.ID_BENCHMARK) {
      const delta = matrices.ID_DELTA.get(cell) ?? null;
      const percent = matrices.ID_PERCENT.get(cell) ?? null;
      const normalised = matrices.QUANTID.get(cell) ?? null;
      if (rate === null || delta === null || percent === null || normalised === null) continue;
      const before = rateBefore(rate, delta);
      expect(percentMove(rate, before)).toBeCloseTo(percent, 9);
      expect(quantid(kinetic(percent, delta, before), scale)).toBeCloseTo(normalised, 9);
      compared++;
    }
    expect(compared).toBeGreaterThan(6);
    for (const [index, asset] of UNIVERSE.entries()) {
      const expected = strengths[index] ?? null;
      const found = strength(row(matrices.ID_PERCENT, asset));
      if (expected === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(expected, 9);
    }
    const rowMean = rowMeans[1] as number;
    expect(smoothed(rowMean, null, 0.2)).toBe(rowMean);
    expect(smoothed(rowMean, 0.5, 0.2)).toBeCloseTo(0.2 * rowMean + 0.4, 12);
  });

  it('come to what numbers.md has worked out by hand', () => {
    const sums = windowSums([1, 2, 3, 6], [2, 1, 4, 5]);
    expect(sums).toEqual({ count: 4, both: 10, first: 14, second: 10 });
    expect(covariance(sums)).toBeCloseTo(10 / 3, 12);
    expect(beta(sums)).toBe(1);
    expect(correlation(sums)).toBeCloseTo(10 / Math.sqrt(140), 12);
    const daily = [0.01, -0.01, 0.01, -0.01];
    expect(volatility(windowSums(daily, daily), 86_400_000)).toBeCloseTo(22.06, 2);
    expect(spreadBps(60_900, 61_100)).toBeCloseTo((1e4 * 200) / 61_000, 9);
    expect(inconsistencyBps(3_050, [0.05, 61_000])).toBeCloseTo(0, 9);
  });

  it('have no value where the definitions have none', () => {
    const few = windowSums([0.1, null, 0.2], [0.1, 0.3, 0.2]);
    expect(few.count).toBe(2);
    expect([correlation(few), covariance(few), beta(few), volatility(few, 1)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    const still = windowSums([0.1, 0.2, 0.3], [0, 0, 0]);
    expect([correlation(still), beta(still), covariance(still)]).toEqual([null, null, 0]);
    expect(returnsOf([1, null, 2, 4])).toEqual([null, null, Math.log(2)]);
    expect(strength([null, null])).toBeNull();
    expect(growth([])).toBeNull();
    expect(growth([{ asset: 'BTC', amount: 2, before: 100, now: 101 }])).toBeCloseTo(1, 12);
    expect(luggage(1.5, null)).toBe(1.5);
    expect(quantid(1, 0)).toBe(0);
  });

  it('know the assets of a path by the universe', () => {
    expect(pairOfSymbol('BTCUSDT', UNIVERSE)).toEqual({ base: 'BTC', quote: 'USDT' });
    expect(pairOfSymbol('BTCEUR', UNIVERSE)).toBeNull();
    expect(assetsOfPath('ETH', ['ETHBTC', 'BTCUSDT'], UNIVERSE)).toEqual(['ETH', 'BTC', 'USDT']);
    expect(assetsOfPath('USDT', ['BTCUSDT', 'ETHBTC'], UNIVERSE)).toEqual(['USDT', 'BTC', 'ETH']);
    expect(assetsOfPath('XRP', ['BTCUSDT'], UNIVERSE)).toBeNull();
  });
});
