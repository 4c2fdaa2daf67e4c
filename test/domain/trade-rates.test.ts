import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, Ticker } from '../../src/domain/frame.js';
import { cellAt, cellOf } from '../../src/domain/pair-table.js';
import { PairGraphs } from '../../src/domain/rates/pair-graph.js';
import { Rates } from '../../src/domain/rates/rates.js';
import type { TradePrice } from '../../src/domain/rates/trade-price.js';
import { tradeRateOf, tradeRates } from '../../src/domain/rates/trade-rates.js';
import { market, OBSERVED_AT } from '../support/arbitraries.js';
import { definedRate } from '../support/definitions.js';
import { UNIVERSE } from '../support/exchange.js';
import { DATA, simulatedFrames, walkedSnapshot } from '../support/moving-market.js';

const MID: TradePrice = { price: 'MID' };
const take = (feeBps: number): TradePrice => ({ price: 'TAKE', feeBps });

const ratesOf = (tickers: readonly Ticker[], universe: readonly string[]): Rates =>
  new Rates({ observedAt: OBSERVED_AT, tickers }, universe, new PairGraphs());

const ticker = (
  base: string,
  quote: string,
  [bid, last, ask]: [number, number, number],
): Ticker => ({
  ...{ symbol: base + quote, base, quote, last, open: last, bid, ask },
  ...{ quoteVolume: 1, closeTime: OBSERVED_AT },
});

/** By plain loops along the path of the last rate; NaN where a leg has no bid and ask. */
function definedTrade(
  tickers: readonly Ticker[],
  trade: TradePrice,
  base: string,
  quote: string,
): number | null {
  const found = definedRate(tickers, OBSERVED_AT, base, quote);
  if (found === null) return null;
  let [rate, held] = [1, base];
  for (const symbol of found.path) {
    const leg = tickers.find((each) => each.symbol === symbol) as Ticker;
    const isForward = leg.base === held;
    held = isForward ? leg.quote : leg.base;
    if (!(leg.bid > 0) || !(leg.ask > 0) || leg.ask < leg.bid) return null;
    if (trade.price === 'MID') {
      const mid = (leg.bid + leg.ask) / 2;
      rate *= isForward ? mid : 1 / mid;
    } else rate *= (isForward ? leg.bid : 1 / leg.ask) * (1 - trade.feeBps / 10_000);
  }
  return rate;
}

describe('rates at prices to trade at', () => {
  const tickers = [
    ticker('BTC', 'USDT', [60_000, 60_050, 60_100]),
    ticker('ETH', 'BTC', [0.05, 0.0501, 0.052]),
  ];
  const universe = ['USDT', 'BTC', 'ETH', 'EUR'];

  it.each<[TradePrice, string, string, number | null]>([
    [MID, 'BTC', 'USDT', 60_050],
    [MID, 'USDT', 'BTC', 1 / 60_050],
    [MID, 'ETH', 'USDT', 3062.55],
    [take(0), 'BTC', 'USDT', 60_000],
    [take(0), 'USDT', 'BTC', 1 / 60_100],
    [take(0), 'ETH', 'USDT', 0.05 * 60_000],
    [take(0), 'USDT', 'ETH', (1 / 60_100) * (1 / 0.052)],
    [take(10), 'BTC', 'USDT', 60_000 * 0.999],
    [take(10), 'ETH', 'USDT', 0.05 * 0.999 * (60_000 * 0.999)],
    [take(10_000), 'ETH', 'USDT', 0],
    [take(10), 'BTC', 'BTC', 1],
    [take(10), 'EUR', 'BTC', null],
    [MID, 'EUR', 'EUR', 1],
  ])('by hand: %j of %s in %s is %s', (trade, base, quote, rate) => {
    expect(cellOf(tradeRates(ratesOf(tickers, universe), trade), base, quote)).toBe(rate);
  });

  it.each<[string, number, number]>([
    ['no bid', 0, 60_100],
    ['no ask', 60_000, 0],
    ['an ask below the bid', 60_100, 60_000],
  ])('are not known where a leg has %s, and the last rate is', (_name, bid, ask) => {
    const rates = ratesOf([{ ...tickers[0]!, bid, ask }, tickers[1]!], universe);
    for (const trade of [MID, take(0)]) {
      expect(cellOf(tradeRates(rates, trade), 'ETH', 'USDT')).toBeNull();
      expect(cellOf(tradeRates(rates, trade), 'ETH', 'BTC')).not.toBeNull();
    }
    expect(cellAt({ universe, cells: rates.last }, 2, 0)).toBe(0.0501 * 60_050);
  });

  it('of any market follow the path of the last rate, leg by leg', () => {
    const trades = fc.oneof(fc.constant(MID), fc.integer({ min: 0, max: 10_000 }).map(take));
    fc.assert(
      fc.property(market, trades, ({ universe, tickers }, trade) => {
        const rates = ratesOf(tickers, universe);
        const table = tradeRates(rates, trade);
        for (const [i, base] of universe.entries()) {
          for (const [j, quote] of universe.entries()) {
            const defined = definedTrade(tickers, trade, base, quote);
            const value = cellAt(table, i, j);
            expect(tradeRateOf(rates, trade, i, j)).toBe(value);
            if (defined === null) expect(value).toBeNull();
            else expect(Math.abs((value ?? NaN) / defined - 1) || 0).toBeLessThan(4e-16 * 8);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

const LEG = 1e-15;

/** The bounds that a book puts on rates; counts the cells that have been held to each. */
function expectBounds(frames: readonly Frame[], universe: readonly string[]) {
  const graphs = new PairGraphs();
  const tally = { crossed: 0, between: 0, unknown: 0 };
  for (const frame of frames) {
    const rates = new Rates(frame, universe, graphs);
    const [free, charged, mid] = [take(0), take(7.5), MID].map((each) => tradeRates(rates, each));
    for (let i = 0; i < universe.length; i++) {
      for (let j = 0; j < universe.length; j++) {
        const path = rates.path(i, j);
        const [there, back] = [cellAt(free!, i, j), cellAt(free!, j, i)];
        if (there === null || back === null) {
          expect(path.length === 0 || path.some(({ bid, ask }) => !(bid > 0 && ask >= bid))).toBe(
            true,
          );
          expect(cellAt(mid!, i, j)).toBeNull();
          tally.unknown++;
          continue;
        }
        const slack = 1 + LEG * path.length;
        expect(there * back).toBeLessThanOrEqual(slack);
        expect(cellAt(charged!, i, j)).toBeLessThanOrEqual(there);
        tally.crossed++;
        const middle = cellAt(mid!, i, j) as number;
        expect(middle).toBeGreaterThanOrEqual(there / slack);
        expect(middle).toBeLessThanOrEqual((1 / back) * slack);
        if (!path.every(({ bid, last, ask }) => bid <= last && last <= ask)) continue;
        const last = rates.last[i * universe.length + j] as number;
        expect(last).toBeGreaterThanOrEqual(there / slack);
        expect(last).toBeLessThanOrEqual((1 / back) * slack);
        tally.between++;
      }
    }
  }
  return tally;
}

describe('selling there and back', () => {
  it.skipIf(!existsSync(DATA))(
    'brings no more than one had, and LAST and MID lie between, over the snapshot of 2024 moved by a walk (where ../shared/data is there)',
    () => {
      const { crossed, between, unknown } = expectBounds(
        walkedSnapshot(UNIVERSE, 100, 20_240_729),
        UNIVERSE,
      );
      expect(crossed).toBeGreaterThan(5000);
      expect(between).toBeGreaterThan(4000);
      expect(unknown).toBeGreaterThan(50);
    },
  );

  it('brings no more than one had, and LAST and MID lie between, on the simulated exchange', () => {
    const { crossed, between } = expectBounds(simulatedFrames(UNIVERSE, 100, 3), UNIVERSE);
    expect(crossed).toBe(100 * UNIVERSE.length ** 2);
    expect(between).toBeGreaterThan(1000);
  });
});
