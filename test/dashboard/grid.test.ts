import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrange,
  compare,
  filterAssets,
  pairsOf,
  transpose,
  type Grid,
  type Pair,
} from '../../src/dashboard/matrix/grid.js';
import { byCluster, byStrength } from '../../src/dashboard/matrix/order.js';
import { grid } from '../support/grids.js';

/** The pairs by name: what a grid says, wherever it says it. */
const said = (pairs: readonly Pair[]): Map<string, Pair> =>
  new Map(pairs.map((pair) => [`${pair.base}/${pair.quote}`, pair]));

describe('a matrix that is turned over', () => {
  it('says the same of every pair', () => {
    fc.assert(
      fc.property(grid, (one) => {
        expect(said(pairsOf(transpose(one)))).toEqual(said(pairsOf(one)));
      }),
    );
  });

  it('is itself when it is turned over twice', () => {
    fc.assert(
      fc.property(grid, (one) => {
        expect(transpose(transpose(one))).toEqual(one);
      }),
    );
  });
});

describe('a matrix in another order', () => {
  it('says the same of every pair', () => {
    fc.assert(
      fc.property(grid, fc.infiniteStream(fc.nat()), (one, keys) => {
        const order = one.bases
          .map((asset) => [keys.next().value as number, asset] as const)
          .sort(([a], [b]) => a - b)
          .map(([, asset]) => asset);
        const arranged = arrange(one, order);
        expect(arranged.bases).toEqual(order);
        expect(said(pairsOf(arranged))).toEqual(said(pairsOf(one)));
      }),
    );
  });

  it('leaves out what is not asked for, and what it does not have', () => {
    const one: Grid = {
      bases: ['A', 'B'],
      quotes: ['A', 'B'],
      values: [
        [1, 2],
        [3, 4],
      ],
      ages: [],
      legs: [],
      transposed: false,
    };
    expect(arrange(one, ['B', 'C'])).toMatchObject({ bases: ['B'], quotes: ['B'], values: [[4]] });
  });
});

describe('a matrix minus another', () => {
  it('is zero where it is compared with itself, whichever way either is turned', () => {
    fc.assert(
      fc.property(grid, fc.boolean(), fc.boolean(), (one, turnsOne, turnsOther) => {
        const left = turnsOne ? transpose(one) : one;
        const right = turnsOther ? transpose(one) : one;
        for (const { base, quote, value } of pairsOf(compare(left, right))) {
          expect(value).toBe(said(pairsOf(one)).get(`${base}/${quote}`)?.value === null ? null : 0);
        }
      }),
    );
  });

  it('has no value where the other has none, or not that asset', () => {
    const small = { ages: [[null]], legs: [[null]], transposed: false };
    const now = { ...small, bases: ['A'], quotes: ['A', 'B'], values: [[5, 7]] };
    const before = { ...small, bases: ['A'], quotes: ['A'], values: [[2]] };
    expect(compare(now, before).values).toEqual([[3, null]]);
  });
});

describe('assets', () => {
  it('are filtered by how their names begin', () => {
    expect(filterAssets(['BTC', 'BNB', 'ETH'], 'b')).toEqual(['BTC', 'BNB']);
    expect(filterAssets(['BTC', 'BNB', 'ETH'], ' eth, btc')).toEqual(['BTC', 'ETH']);
    expect(filterAssets(['BTC', 'ETH'], '  ')).toEqual(['BTC', 'ETH']);
  });

  it('go from the strongest to the weakest, those without a strength last', () => {
    const asset = (symbol: string, strength: number | null) => ({ symbol, strength });
    expect(byStrength([asset('A', null), asset('B', -1), asset('C', 2)])).toEqual(['C', 'B', 'A']);
  });

  it('that moved alike stand together', async () => {
    const moves = { A: 0, B: 9, C: 0.1, D: 9.2, E: 0.2 };
    const assets = Object.keys(moves) as (keyof typeof moves)[];
    const values = assets.map((one) => assets.map((other) => moves[one] - moves[other]));
    const table = values.map((row) => row.map(() => null));
    const percent = {
      bases: assets,
      quotes: assets,
      values,
      ages: table,
      legs: table,
      transposed: false,
    };
    const order = await byCluster(percent);
    expect(order.toSorted()).toEqual(assets);
    expect(Math.abs(order.indexOf('B') - order.indexOf('D'))).toBe(1);
  });
});
