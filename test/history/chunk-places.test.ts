import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areAmong, placeOfTurn } from '../../src/history/chunk-places.js';

/** Turns in order, with some missing between them. */
const someTurns = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 20 })
  .map((turns) => Float64Array.from(turns).sort());

describe('the place of a turn', () => {
  it('is that of the first one from it on, or behind the last', () => {
    fc.assert(
      fc.property(someTurns, fc.integer({ min: 0, max: 42 }), (turns, from) => {
        expect(placeOfTurn(turns, from)).toBe(turns.filter((turn) => turn < from).length);
        expect(placeOfTurn(turns, Infinity)).toBe(turns.length);
      }),
    );
  });

  it('is where some turns begin among others only if all of them follow there', () => {
    const some = someTurns.filter(({ length }) => length > 0);
    fc.assert(
      fc.property(some, someTurns, fc.boolean(), (turns, others, isPart) => {
        // Two that are drawn by themselves are hardly ever the same.
        const all = isPart ? Float64Array.from(new Set([...turns, ...others])).sort() : others;
        const place = placeOfTurn(all, turns[0] as number);
        const there = all.subarray(place, place + turns.length);
        expect(areAmong(turns, all, place)).toBe(String([...there]) === String([...turns]));
      }),
    );
  });
});
