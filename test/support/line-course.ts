import fc from 'fast-check';
import { composeCycle, type CycleFigures } from '../../src/domain/cycle.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { market, OBSERVED_AT, type Market } from './arbitraries.js';
import type { LineTurn } from './line-chunks.js';

export const STALE_AFTER_MS = 60_000;
const FREE = ['0.5', '0.50', '3', '0.0000001'];

/** A turn of a course: one that cannot be read, one of a new market, or one whose prices have moved. */
export interface Kind {
  readonly isReadable: boolean;
  readonly market: Market | null;
  readonly moves: readonly number[];
  readonly isDropped: readonly boolean[];
  readonly held: readonly string[];
}

export const kinds: fc.Arbitrary<readonly Kind[]> = fc
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

export interface CourseTurn extends LineTurn {
  readonly figures: CycleFigures | null;
  readonly before: CycleFigures | null;
}

/** The cycles of a course, each built upon the one before, also where that cannot be read later. */
export function course(list: readonly Kind[]): CourseTurn[] {
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

/** Where chunks of a course may end. */
export const borders = fc.array(fc.nat(10), { maxLength: 3 });
/** Assets that a course may have. */
export const assets = fc.constantFrom('AAA', 'BTC', 'DOGE', 'ETH', 'EUR', 'USDC', 'USDT', 'X');
