import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CycleFigures } from '../../../src/domain/cycle.js';
import { MATRIX_KINDS } from '../../../src/domain/matrix.js';
import { cellOf } from '../../../src/domain/pair-table.js';
import { rateAge } from '../../../src/domain/rates/provenance.js';
import { evaluatorOf, type TurnLine } from '../../../src/domain/series/line.js';
import { balanceValue, walletValue } from '../../../src/domain/wallet.js';
import { evaluate, type LinePoint } from '../../support/line-chunks.js';
import {
  assets,
  borders,
  course,
  kinds,
  STALE_AFTER_MS,
  type CourseTurn,
} from '../../support/line-course.js';

const valuesOf = (points: readonly LinePoint[]) => points.map(({ value }) => value);

const inUsdt = (figures: CycleFigures) => (asset: string) =>
  cellOf(figures.matrix('ID_BENCHMARK'), asset, 'USDT');

describe('lines', () => {
  it.each(MATRIX_KINDS)(
    'of a cell of %s are the cells of the cycles, wherever chunks end',
    (matrix) => {
      const tally = new Set<string>();
      fc.assert(
        fc.property(kinds, assets, assets, borders, (list, base, quote, stops) => {
          const turns = course(list);
          const line = evaluatorOf({ kind: 'CELL', matrix, base, quote }, 'USDT');
          evaluate(line, turns, stops).forEach((point, index) => {
            const { figures, before, previousTurn } = turns[index] as CourseTurn;
            if (figures === null) {
              expect(point).toEqual({
                value: null,
                isStale: false,
                reason: 'UNREADABLE',
                path: null,
              });
              return;
            }
            const { rates, cycle } = figures;
            const expected = cellOf(figures.since(before).matrix(matrix), base, quote);
            expect(point.value).toBe(expected);
            const [i, j] = [cycle.universe.indexOf(base), cycle.universe.indexOf(quote)];
            const isMember = i !== -1 && j !== -1;
            const source = isMember ? rates.source(i, j) : null;
            const symbols = isMember ? rates.path(i, j).map(({ symbol }) => symbol) : [];
            expect(point.path).toBe(source && [source, ...symbols].join(' '));
            const age = isMember ? rateAge(rates, cycle.frame.observedAt, i, j) : null;
            expect(point.isStale).toBe(age !== null && age > STALE_AFTER_MS);
            expect(point.reason === null).toBe(expected !== null);
            if (!isMember) expect(point.reason).toBe('NOT_IN_UNIVERSE');
            else if (source === null) expect(point.reason).toBe('NO_PATH');
            else if (expected === null && previousTurn === null) {
              expect(point.reason).toBe('NO_TURN_BEFORE');
            } else if (expected === null) expect(point.reason).toBe('NO_VALUE_BEFORE');
            tally.add(`${source} ${symbols.length}`).add(String(point.reason));
          });
        }),
        { numRuns: 300, seed: 7 },
      );
      // Every way to find a rate has been met.
      expect([...tally]).toEqual(
        expect.arrayContaining(['IDENTITY 0', 'DIRECT 1', 'INVERSE 1', 'CROSS 2', 'CROSS 3']),
      );
      expect([...tally]).toEqual(expect.arrayContaining(['NOT_IN_UNIVERSE', 'NO_PATH', 'null']));
    },
  );

  const expectEqual = (line: TurnLine, of: (figures: CycleFigures) => number | null) =>
    fc.assert(
      fc.property(kinds, borders, (list, stops) => {
        const turns = course(list);
        const expected = turns.map(({ figures }) => figures && of(figures));
        const points = evaluate(evaluatorOf(line, 'USDT'), turns, stops);
        expect(valuesOf(points)).toEqual(expected);
        points.forEach(({ value, reason }) => expect(reason === null).toBe(value !== null));
      }),
      { numRuns: 100 },
    );

  it.each(['QUANT', 'SHIFT', 'GRT', 'IMPRINT', 'LUGGAGE'] as const)(
    'of the strategy: %s is that of the cycles',
    (figure) => {
      const field = figure.toLowerCase() as 'quant';
      expectEqual({ kind: 'STRATEGY', figure }, ({ cycle }) => cycle.aux[field]);
    },
  );

  it.each(['MEDIAN_BPS', 'MAX_BPS'] as const)(
    'of consistency: %s is that of the cycles',
    (figure) => {
      expectEqual({ kind: 'CONSISTENCY', figure }, ({ consistency }) =>
        figure === 'MAX_BPS' ? consistency.maxBps : consistency.medianBps,
      );
    },
  );

  it.each(['STRENGTH', 'QUANT', 'PRICE'] as const)('of an asset: its %s', (figure) => {
    expectEqual({ kind: 'ASSET', figure, asset: 'BTC', in: null }, (figures) => {
      const at = figures.cycle.universe.indexOf('BTC');
      if (at === -1) return null;
      if (figure === 'STRENGTH') return figures.strengths[at] ?? null;
      if (figure === 'QUANT') return figures.cycle.quants.values[at] ?? null;
      return cellOf(figures.matrix('ID_BENCHMARK'), 'BTC', 'USDT');
    });
  });

  it('of the wallet are its value', () => {
    expectEqual({ kind: 'WALLET', in: 'USDT' }, (figures) => {
      if (!figures.cycle.universe.includes('USDT')) return null;
      return walletValue(figures.cycle.holdings, inUsdt(figures));
    });
  });

  it('of a balance are its value, and none where it is not held', () => {
    expectEqual({ kind: 'BALANCE', asset: 'ETH', in: null }, (figures) => {
      const balance = figures.cycle.holdings.balances.find(({ asset }) => asset === 'ETH');
      return balance ? balanceValue(balance, inUsdt(figures)) : null;
    });
  });
});
