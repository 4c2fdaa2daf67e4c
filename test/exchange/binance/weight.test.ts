import { describe, expect, it } from 'vitest';
import {
  observationWeight,
  planTickers,
  tickerWeight,
} from '../../../src/exchange/binance/weight.js';

const symbols = (count: number): string[] => Array.from({ length: count }, (_, n) => `S${n}`);

describe('the calls for tickers', () => {
  it.each([
    [0, 0, 0],
    [1, 2, 1],
    [20, 2, 1],
    [21, 4, 2],
    [100, 10, 5],
    [780, 78, 39],
  ])('of %i symbols weigh %i, in %i chunks', (count, weight, chunks) => {
    const plan = planTickers(symbols(count));
    expect(tickerWeight(count)).toBe(weight);
    expect(plan.kind === 'CHUNKS' && plan.chunks.length).toBe(chunks);
    expect(plan.kind === 'CHUNKS' && plan.chunks.flat()).toEqual(symbols(count));
  });

  it.each([781, 3_000])('of %i symbols are one call for all, which weighs 80', (count) => {
    expect(planTickers(symbols(count))).toEqual({ kind: 'ALL' });
    expect(tickerWeight(count)).toBe(80);
  });

  it('weigh 20 more with an account', () => {
    expect(observationWeight(28, true)).toBe(24);
  });
});
