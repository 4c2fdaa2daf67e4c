import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MATRIX_KINDS } from '../../../src/domain/matrix.js';
import {
  CONSISTENCY_FIGURES,
  evaluatorOf,
  STRATEGY_FIGURES,
  type TurnLine,
} from '../../../src/domain/series/line.js';
import { lineValue } from '../../../src/domain/series/line-value.js';
import { evaluate } from '../../support/line-chunks.js';
import { assets, course, kinds } from '../../support/line-course.js';

const TRADES = [{ price: 'MID' }, { price: 'TAKE', feeBps: 7.5 }] as const;

/** A line of every kind, of whatever assets. */
const linesOf = (one: string, other: string): readonly TurnLine[] => [
  ...MATRIX_KINDS.map((matrix): TurnLine => ({ kind: 'CELL', matrix, base: one, quote: other })),
  ...TRADES.flatMap((trade): TurnLine[] => [
    { kind: 'CELL', matrix: 'ID_BENCHMARK', base: one, quote: other, trade },
    { kind: 'WALLET', in: one, trade },
    { kind: 'BALANCE', asset: one, in: other, trade },
  ]),
  { kind: 'WALLET', in: other },
  { kind: 'BALANCE', asset: one, in: other },
  { kind: 'ASSET', figure: 'PRICE', asset: one, in: other },
  { kind: 'ASSET', figure: 'STRENGTH', asset: one, in: null },
  { kind: 'ASSET', figure: 'QUANT', asset: one, in: null },
  ...STRATEGY_FIGURES.map((figure): TurnLine => ({ kind: 'STRATEGY', figure })),
  ...CONSISTENCY_FIGURES.map((figure): TurnLine => ({ kind: 'CONSISTENCY', figure })),
];

describe('the value of a line at a cycle', () => {
  it('is that of a series of it, whatever the line', () => {
    const given = new Set<number>();
    fc.assert(
      fc.property(kinds, assets, assets, (list, one, other) => {
        const turns = course(list);
        linesOf(one, other).forEach((line, at) => {
          const points = evaluate(evaluatorOf(line, ''), turns);
          turns.forEach(({ figures, before }, index) => {
            if (figures === null) return;
            const value = lineValue(line, figures, before);
            expect(value).toBe(points[index]?.value);
            if (value !== null) given.add(at);
          });
        });
      }),
      { numRuns: 100 },
    );
    // Each of them has had a value.
    expect(given.size).toBe(linesOf('', '').length);
  });

  it('is in the quant base of the cycle where the line leaves that out', () => {
    fc.assert(
      fc.property(kinds, assets, (list, asset) => {
        for (const { figures } of course(list)) {
          if (figures === null) continue;
          const { quantBase } = figures.cycle.config;
          const price = { kind: 'ASSET', figure: 'PRICE', asset } as const;
          const own = lineValue({ ...price, in: null }, figures, null);
          expect(own).toBe(lineValue({ ...price, in: quantBase }, figures, null));
        }
      }),
    );
  });
});
