import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CycleFigures } from '../../../src/domain/cycle.js';
import { cellOf } from '../../../src/domain/pair-table.js';
import type { TradePrice } from '../../../src/domain/rates/trade-price.js';
import { evaluatorOf, type TurnLine } from '../../../src/domain/series/line.js';
import { balanceValue, walletValue } from '../../../src/domain/wallet.js';
import { evaluate, type LinePoint } from '../../support/line-chunks.js';
import { assets, borders, course, kinds } from '../../support/line-course.js';

describe('lines at a price to trade at', () => {
  it.each<TradePrice>([
    { price: 'MID' },
    { price: 'TAKE', feeBps: 0 },
    { price: 'TAKE', feeBps: 7.5 },
  ])(
    'of a cell at %j are the cells of the cycles at it, along the path of the last rate',
    (trade) => {
      const tally = new Set<string>();
      fc.assert(
        fc.property(kinds, assets, assets, borders, (list, base, quote, stops) => {
          const turns = course(list);
          const cell = { kind: 'CELL', matrix: 'ID_BENCHMARK', base, quote } as const;
          const last = evaluate(evaluatorOf(cell, 'USDT'), turns, stops);
          evaluate(evaluatorOf({ ...cell, trade }, 'USDT'), turns, stops).forEach(
            (point, index) => {
              const expected = turns[index]?.figures?.benchmarkAt(trade);
              expect(point.value).toBe(expected ? cellOf(expected, base, quote) : null);
              const { value, reason, path, isStale } = last[index] as LinePoint;
              expect([point.path, point.isStale]).toEqual([path, isStale]);
              const isUnknown = value !== null && point.value === null;
              expect(point.reason).toBe(isUnknown ? 'NO_BID_ASK' : reason);
              tally.add(`${path?.split(' ').length} ${point.reason}`);
            },
          );
        }),
        { numRuns: 300, seed: 7 },
      );
      // Listed, over two legs, over three; known and unknown.
      expect([...tally]).toEqual(expect.arrayContaining(['1 null', '2 null', '3 null', '4 null']));
      expect([...tally]).toEqual(expect.arrayContaining(['2 NO_BID_ASK', '3 NO_BID_ASK']));
    },
  );

  it('of the wallet and of a balance at a price to trade at are what the cycles say at it', () => {
    const trade: TradePrice = { price: 'TAKE', feeBps: 10 };
    const expectEqual = (line: TurnLine, of: (figures: CycleFigures) => number | null) =>
      fc.assert(
        fc.property(kinds, borders, (list, stops) => {
          const turns = course(list);
          const points = evaluate(evaluatorOf(line, 'USDT'), turns, stops);
          expect(points.map(({ value }) => value)).toEqual(
            turns.map(({ figures }) => figures && of(figures)),
          );
          points.forEach(({ value, reason }) => expect(reason === null).toBe(value !== null));
        }),
        { numRuns: 100 },
      );
    const takenIn = (figures: CycleFigures) => (asset: string) =>
      figures.rateAt(trade, asset, 'USDT');
    expectEqual({ kind: 'WALLET', in: 'USDT', trade }, (figures) => {
      if (!figures.cycle.universe.includes('USDT')) return null;
      return walletValue(figures.cycle.holdings, takenIn(figures));
    });
    expectEqual({ kind: 'BALANCE', asset: 'ETH', in: 'USDT', trade }, (figures) => {
      const balance = figures.cycle.holdings.balances.find(({ asset }) => asset === 'ETH');
      return balance ? balanceValue(balance, takenIn(figures)) : null;
    });
  });
});
