import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridToCsv, pairsToCsv } from '../../src/dashboard/csv.js';
import {
  arrange,
  compare,
  filterAssets,
  meets,
  pairsOf,
  searchPairs,
  sortPairs,
  transpose,
  type Grid,
  type Pair,
} from '../../src/dashboard/matrix/grid.js';
import { formatValue, shadingOf } from '../../src/dashboard/matrix/kinds.js';
import { byCluster, byStrength } from '../../src/dashboard/matrix/order.js';

const cell = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }));
const names = fc.uniqueArray(fc.stringMatching(/^[A-Z]{2,5}$/), { minLength: 1, maxLength: 8 });

/** A grid of a universe, whole. */
const grid: fc.Arbitrary<Grid> = names.chain((assets) => {
  const table = fc.array(fc.array(cell, { minLength: assets.length, maxLength: assets.length }), {
    minLength: assets.length,
    maxLength: assets.length,
  });
  return fc.tuple(table, table, table).map(([values, ages, legs]) => ({
    bases: assets,
    quotes: assets,
    values,
    ages,
    legs,
    transposed: false,
  }));
});

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

describe('the list of pairs', () => {
  it('is sorted by any column, either way, with those without a value last', () => {
    fc.assert(
      fc.property(
        grid,
        fc.constantFrom('value', 'size', 'ageMs'),
        fc.boolean(),
        (one, by, down) => {
          const sorted = sortPairs(pairsOf(one), by, down).map((pair) =>
            by === 'size' ? pair.value && Math.abs(pair.value) : pair[by],
          );
          const known = sorted.filter((value) => value !== null);
          expect(sorted.slice(known.length).every((value) => value === null)).toBe(true);
          const expected = known.toSorted((a, b) => (down ? b - a : a - b));
          expect(known.map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
        },
      ),
    );
  });

  it('is searched by the names of both assets', () => {
    const pair = (base: string, quote: string): Pair => ({
      base,
      quote,
      value: 1,
      ageMs: 0,
      legs: 1,
    });
    const pairs = [pair('BTC', 'USDT'), pair('USDT', 'BTC'), pair('ETH', 'EUR')];
    const found = (text: string) => searchPairs(pairs, text).map(({ base }) => base);
    expect(found('')).toHaveLength(3);
    expect(found('btc/')).toEqual(['BTC']);
    expect(found('usdt btc')).toEqual(['BTC', 'USDT']);
    expect(found('DOGE')).toEqual([]);
  });

  it('becomes a table for a spreadsheet, with every digit and nothing for no value', () => {
    expect(
      pairsToCsv([
        { base: 'A,B', quote: 'C"D', value: 0.1 + 0.2, ageMs: null, legs: 2 },
        { base: 'X', quote: 'Y', value: null, ageMs: 5, legs: 1 },
      ]),
    ).toBe('base,quote,value,age_ms,legs\r\n"A,B","C""D",0.30000000000000004,,2\r\nX,Y,,5,1\r\n');
  });
});

it('a matrix as a table for a spreadsheet reads back as the same numbers', () => {
  fc.assert(
    fc.property(grid, (one) => {
      const [head, ...rows] = gridToCsv(one).trimEnd().split('\r\n');
      expect(head?.split(',').slice(1)).toEqual(one.quotes);
      const values = rows.map((row) =>
        row
          .split(',')
          .slice(1)
          .map((text) => (text === '' ? null : Number(text))),
      );
      expect(values).toEqual(
        one.values.map((row) => row.map((value) => (value === null ? null : value + 0))),
      );
    }),
  );
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

describe('a value', () => {
  it.each([
    ['ID_BENCHMARK', 61_234.567, '61,235'],
    ['ID_BENCHMARK', 0.0000163, '1.63E-5'],
    ['ID_DELTA', -2.7322e-7, '-2.732E-7'],
    ['ID_DELTA', 0, '0'],
    ['ID_PERCENT', 1.6666, '+1.67'],
    ['ID_PERCENT', -0.001, '0.00'],
    ['ID_PCT', 0.01234, '+0.012'],
    ['QUANTID', -1, '-1.000'],
    ['ID_PERCENT', null, '–'],
  ] as const)('of %s, %s, is written %s', (kind, value, text) => {
    expect(formatValue(kind, value)).toBe(text);
  });

  it('is shown in full from the threshold on; a missing one never', () => {
    expect([0.4, -0.5, null].map((value) => meets(value, 0.5))).toEqual([false, true, false]);
    expect(meets(null, null)).toBe(true);
  });

  it('is shaded to its side of zero, no further than the full colour, and not at all at zero', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ID_DELTA', 'ID_PERCENT', 'ID_PCT', 'QUANTID'),
        fc.array(cell, { minLength: 1 }),
        (kind, values) => {
          const shading = shadingOf(kind, false, values);
          for (const value of values) {
            const shade = shading.of(value);
            expect(Math.abs(shade)).toBeLessThanOrEqual(1 + 1e-9);
            if (!value) expect(shade === 0).toBe(true);
            else expect(shade * value).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('of a benchmark is shaded by how far it is from 1, the same either way', () => {
    const shading = shadingOf('ID_BENCHMARK', false, [100, 0.01, 10]);
    expect(shading.of(1)).toBe(0);
    expect(shading.of(10)).toBeCloseTo(0.5);
    expect(shading.of(0.01)).toBeCloseTo(-1);
  });
});
