import fc from 'fast-check';
import { type Grid } from '../../src/dashboard/matrix/grid.js';

export const cell = fc.option(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
);
const names = fc.uniqueArray(fc.stringMatching(/^[A-Z]{2,5}$/), { minLength: 1, maxLength: 8 });

/** A grid of a universe, whole. */
export const grid: fc.Arbitrary<Grid> = names.chain((assets) => {
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
