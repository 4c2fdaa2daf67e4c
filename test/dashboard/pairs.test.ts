import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridToCsv, pairsToCsv } from '../../src/dashboard/csv.js';
import { pairsOf, searchPairs, sortPairs, type Pair } from '../../src/dashboard/matrix/grid.js';
import { grid } from '../support/grids.js';

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
