import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import {
  Attribution,
  contributions,
  valuedHoldings,
  valueOf,
} from '../../src/domain/attribution.js';
import { FrameFigures } from '../../src/domain/frame-figures.js';
import { makeFrame } from '../../src/domain/frame.js';
import { price } from '../../src/domain/matrix.js';
import { PairGraphs } from '../../src/domain/rates/pair-graph.js';
import type { Holdings } from '../../src/domain/wallet.js';
import { logReturns } from '../../src/domain/window/returns.js';
import { volatility } from '../../src/domain/window/volatility.js';
import { Window, WINDOW_KINDS, type WindowKind } from '../../src/domain/window/window-matrix.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { openRecording } from '../../src/exchange/replayed/recording.js';
import { MINUTE } from '../support/recordings.js';

const FOLDER = '../shared/data/klines/2022-11-08_1m';
const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE'];

/** The independent program: files, plain loops and lists, nothing of src/. By symbol and minute. */
function readCloses(): Map<string, Map<number, number>> {
  const closes = new Map<string, Map<number, number>>();
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.csv'))) {
    const ofPair = new Map<number, number>();
    for (const row of readFileSync(`${FOLDER}/${file}`, 'utf8').trim().split('\n').slice(1)) {
      const [, open, , , , close] = row.split(',').map(Number);
      ofPair.set((open as number) + MINUTE, close as number);
    }
    closes.set(file.slice(0, -'.csv'.length), ofPair);
  }
  return closes;
}

/** No spreads are known: of crosses, the first by the names of their legs. */
function definedPath(names: readonly string[], i: string, j: string): string[] {
  if (names.includes(i + j)) return [i + j];
  if (names.includes(j + i)) return [j + i];
  const [start = '', end = ''] = [i, j].sort();
  for (const one of [...names].sort()) {
    for (const other of [...names].sort()) {
      for (const k of ASSETS) {
        const isFirst = one === start + k || one === k + start;
        if (isFirst && (other === k + end || other === end + k)) {
          return i === start ? [one, other] : [other, one];
        }
      }
    }
  }
  throw new Error(`no path from ${i} to ${j}`);
}

function definedPrices(closes: Map<string, Map<number, number>>, i: string, j: string, at: number) {
  if (i === j) return 1;
  let [rate, held] = [1, i];
  for (const name of definedPath([...closes.keys()], i, j)) {
    const close = closes.get(name)?.get(at) as number;
    rate *= name.startsWith(held) ? close : 1 / close;
    held = name.startsWith(held) ? name.slice(held.length) : name.slice(0, -held.length);
  }
  return rate;
}

const returnsOf = (prices: readonly number[]): number[] =>
  prices.slice(1).map((now, k) => Math.log(now / (prices[k] as number)));

function definedFigure(
  kind: WindowKind,
  a: readonly number[],
  b: readonly number[],
): number | null {
  const n = a.length;
  let [meanA, meanB, ab, aa, bb] = [0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    meanA += (a[k] as number) / n;
    meanB += (b[k] as number) / n;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [(a[k] as number) - meanA, (b[k] as number) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (kind === 'COVARIANCE') return ab / (n - 1);
  if (new Set(b).size === 1 || (kind === 'CORRELATION' && new Set(a).size === 1)) return null;
  return kind === 'BETA' ? ab / bb : ab / Math.sqrt(aa) / Math.sqrt(bb);
}

describe.skipIf(!existsSync(FOLDER))(
  'the recording of 2022-11-08 (where ../shared/data is there)',
  () => {
    let moments: number[] = [];
    let figures: FrameFigures[] = [];
    let closes = new Map<string, Map<number, number>>();

    beforeAll(async () => {
      closes = readCloses();
      const recording = await openRecording(FOLDER, ASSETS);
      const pairs = tradingPairs(recording.listings, ASSETS);
      const graphs = new PairGraphs();
      // The minutes of all 25 pairs of the recording.
      moments = recording.moments.filter((at) =>
        [...closes.values()].every((each) => each.has(at)),
      );
      figures = moments.map((at) => {
        const frame = makeFrame(pairs, parseTickers(recording.tickers(at)), at);
        return new FrameFigures(frame, ASSETS, graphs);
      });
    });

    const pricesIn = (asset: string, numeraire: string): Float64Array =>
      Float64Array.from(
        figures,
        (each) => price(each.matrix('ID_BENCHMARK'), asset, numeraire) ?? NaN,
      );

    const windowIn = (numeraire: string, lag: number): Window => {
      const assets = ASSETS.map((asset) => {
        const returns = logReturns(pricesIn(asset, numeraire));
        return { returns, isStale: new Uint8Array(returns.length) };
      });
      return new Window(assets, lag);
    };

    it('has 996 minutes, one after the other', () => {
      expect(moments).toHaveLength(996);
      expect((moments.at(-1) as number) - (moments[0] as number)).toBe(995 * MINUTE);
    });

    it.each([
      ['USDT', 0.787],
      ['BTC', 0.429],
      ['BNB', 0.307],
    ])('correlates ETH and DOGE in %s by %d', (numeraire, correlation) => {
      const [eth, doge] = [ASSETS.indexOf('ETH'), ASSETS.indexOf('DOGE')];
      const { values, counts } = windowIn(numeraire, 0).row(eth, [doge]);
      expect(values.CORRELATION[0]).toBeCloseTo(correlation, 3);
      expect(counts[0]).toBe(995);
    });

    it.each(ASSETS.flatMap((numeraire) => [0, 1, 7].map((lag) => [numeraire, lag] as const)))(
      'has in %s at lag %i the matrices of an independent program',
      (numeraire, lag) => {
        const window = windowIn(numeraire, lag);
        const returns = ASSETS.map((asset) =>
          returnsOf(moments.map((at) => definedPrices(closes, asset, numeraire, at))),
        );
        for (const kind of WINDOW_KINDS) {
          ASSETS.forEach((_, i) => {
            const { values: all, counts } = window.row(i, [...ASSETS.keys()]);
            const values = all[kind];
            ASSETS.forEach((_, j) => {
              const [a, b] = [returns[i]?.slice(lag) ?? [], returns[j] ?? []];
              const expected = definedFigure(kind, a, b.slice(0, a.length));
              expect(counts[j]).toBe(995 - lag);
              if (expected === null) expect(values[j]).toBeNaN();
              else expect(Math.abs((values[j] as number) - expected)).toBeLessThanOrEqual(1e-12);
            });
          });
        }
      },
    );

    it.each(ASSETS)('has in %s the volatilities of an independent program', (numeraire) => {
      for (const asset of ASSETS) {
        const defined = returnsOf(moments.map((at) => definedPrices(closes, asset, numeraire, at)));
        const mean = defined.reduce((sum, value) => sum + value, 0) / defined.length;
        const squares = defined.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const expected = 100 * Math.sqrt((squares / 994) * 365 * 24 * 60);
        const found = volatility(logReturns(pricesIn(asset, numeraire)), MINUTE);
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * expected);
      }
    });

    it('attributes 200 turns of deposits, withdrawals, trades and a lost price', () => {
      // What is held at each turn; the account becomes another one at turn 150.
      const heldAt = (turn: number): Record<string, number> => ({
        USDT: turn < 50 ? 1000 : turn < 120 ? 250 : 300,
        BTC: turn < 90 ? 0.5 : 0.25,
        DOGE: turn < 50 ? 0 : turn < 180 ? 8000 : 0,
      });
      const isLost = (asset: string, turn: number): boolean =>
        asset === 'DOGE' && turn >= 100 && turn < 110;
      const sourceAt = (turn: number): Holdings['source'] => (turn < 150 ? 'PAPER' : 'ACCOUNT');

      const sums = new Attribution();
      const turns = figures.slice(0, 200).map((each, turn) =>
        valuedHoldings(
          {
            source: sourceAt(turn),
            balances: Object.entries(heldAt(turn))
              .filter(([, amount]) => amount > 0)
              .map(([asset, amount]) => ({ asset, free: String(amount), locked: '0' })),
          },
          (asset) =>
            isLost(asset, turn) ? null : price(each.matrix('ID_BENCHMARK'), asset, 'BNB'),
        ),
      );
      for (let s = 1; s < 200; s++) {
        for (const [asset, step] of contributions(turns[s - 1]!, turns[s]!)) sums.add(asset, step);
      }

      let [total, size] = [0, 0];
      for (const asset of ['USDT', 'BTC', 'DOGE']) {
        const expected = { price: 0, flow: 0, unpriced: 0 };
        for (let s = 1; s < 200; s++) {
          const [h0, h1] = [heldAt(s - 1)[asset] as number, heldAt(s)[asset] as number];
          const [b0, b1] = [s - 1, s].map((turn) =>
            isLost(asset, turn) ? 0 : definedPrices(closes, asset, 'BNB', moments[turn] as number),
          ) as [number, number];
          const change = h1 * b1 - h0 * b0;
          if (sourceAt(s - 1) !== sourceAt(s)) expected.flow += change;
          else if (b0 === 0 || b1 === 0) expected.unpriced += change;
          else {
            expected.price += h0 * (b1 - b0);
            expected.flow += (h1 - h0) * b1;
          }
          size += Math.abs(h0 * b0) + Math.abs(h1 * b1);
        }
        const found = sums.assets.get(asset);
        for (const part of ['price', 'flow', 'unpriced'] as const) {
          expect(Math.abs((found?.[part] ?? NaN) - expected[part])).toBeLessThanOrEqual(
            1e-12 * size,
          );
        }
        total += expected.price + expected.flow + expected.unpriced;
      }
      expect(sums.assets.get('DOGE')?.unpriced).not.toBe(0);
      expect(sums.assets.get('BTC')?.flow).toBeLessThan(0);
      expect(Math.abs(total - (valueOf(turns[199]!) - valueOf(turns[0]!)))).toBeLessThanOrEqual(
        1e-12 * size,
      );
    });
  },
);
