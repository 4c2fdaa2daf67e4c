import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeCycle, type CycleFigures } from '../../../src/domain/cycle.js';
import { MATRIX_KINDS } from '../../../src/domain/matrix.js';
import { cellOf } from '../../../src/domain/pair-table.js';
import { rateAge } from '../../../src/domain/rates/provenance.js';
import { evaluatorOf, type Line } from '../../../src/domain/series/line.js';
import { defaultSettings } from '../../../src/domain/strategy.js';
import { balanceValue, walletValue } from '../../../src/domain/wallet.js';
import { market, OBSERVED_AT, type Market } from '../../support/arbitraries.js';
import { evaluate, type LinePoint, type LineTurn } from '../../support/line-chunks.js';

const STALE_AFTER_MS = 60_000;
const FREE = ['0.5', '0.50', '3', '0.0000001'];

/** A turn of a course: one that cannot be read, one of a new market, or one whose prices have moved. */
interface Kind {
  readonly isReadable: boolean;
  readonly market: Market | null;
  readonly moves: readonly number[];
  readonly isDropped: readonly boolean[];
  readonly held: readonly string[];
}

const kinds: fc.Arbitrary<readonly Kind[]> = fc
  .tuple(
    market,
    fc.array(
      fc.record({
        isReadable: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
        market: fc.option(market, { freq: 4 }).map((each) => each),
        moves: fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), {
          minLength: 42,
          maxLength: 42,
        }),
        isDropped: fc.array(
          fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
          { minLength: 14, maxLength: 14 },
        ),
        held: fc.subarray(['BTC', 'ETH', 'USDT', 'X', 'ELSEWHERE']),
      }),
      { minLength: 1, maxLength: 10 },
    ),
  )
  .map(([first, rest]) => rest.map((kind, n) => (n === 0 ? { ...kind, market: first } : kind)));

interface CourseTurn extends LineTurn {
  readonly figures: CycleFigures | null;
  readonly before: CycleFigures | null;
}

/** The cycles of a course, each built upon the one before, also where that cannot be read later. */
function course(list: readonly Kind[]): CourseTurn[] {
  let previous: CycleFigures | null = null;
  let { universe, tickers } = list[0]?.market as Market;
  let wasReadable = true;
  return list.map(({ market, isReadable, moves, isDropped, held }, n) => {
    if (market) ({ universe, tickers } = market);
    else {
      tickers = tickers.map((ticker, at) => ({
        ...ticker,
        last: ticker.last * (moves[3 * at] ?? 1),
        bid: ticker.bid * (moves[3 * at + 1] ?? 1),
        ask: ticker.ask * (moves[3 * at + 2] ?? 1),
      }));
    }
    const observedAt = OBSERVED_AT + n * 1000;
    const before = previous;
    const figures = composeCycle({
      turn: n + 1,
      startedAt: observedAt,
      completedAt: observedAt,
      exchange: 'SIMULATED',
      universe,
      frame: { observedAt, tickers: tickers.filter((_, at) => !isDropped[at]) },
      holdings: {
        source: 'PAPER',
        balances: held.map((asset, at) => ({
          asset,
          free: FREE[(n + at) % 4] ?? '1',
          locked: '1',
        })),
      },
      config: { ...defaultSettings(universe), version: 1, updatedAt: 0 },
      staleAfterMs: STALE_AFTER_MS,
      intervalMs: 1000,
      previous: before,
    });
    const isFirst = before === null || n % 5 === 4;
    previous = figures;
    const isBeforeReadable = wasReadable;
    wasReadable = isReadable;
    const { frame, turn } = figures.cycle;
    if (!isReadable) {
      return {
        turn,
        observedAt,
        previousTurn: null,
        universe: null,
        frame: null,
        record: null,
        figures: null,
        before: null,
      };
    }
    return {
      turn,
      observedAt,
      staleAfterMs: STALE_AFTER_MS,
      // Some are as after a purge.
      previousTurn: isFirst ? null : before.turn,
      universe,
      frame,
      record: figures.cycle,
      figures,
      before: isFirst || !isBeforeReadable ? null : before,
    };
  });
}

const valuesOf = (points: readonly LinePoint[]) => points.map(({ value }) => value);
const borders = fc.array(fc.nat(10), { maxLength: 3 });
const assets = fc.constantFrom('AAA', 'BTC', 'DOGE', 'ETH', 'EUR', 'USDC', 'USDT', 'X');

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

  const expectEqual = (line: Line, of: (figures: CycleFigures) => number | null) =>
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
