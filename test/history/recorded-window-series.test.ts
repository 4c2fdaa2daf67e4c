import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { makeFrame } from '../../src/domain/frame.js';
import type { Line } from '../../src/domain/series/line.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { openRecording } from '../../src/exchange/replayed/recording.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { definedCell, definedVolatility, type PricedMoment } from '../support/defined-windows.js';
import { MINUTE } from '../support/recordings.js';

const FOLDER = '../shared/data/klines/2022-11-08_1m';
const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE'];
/** Turns that are not stored: some minutes, and more than a window. */
const isLost = (place: number): boolean => (place >= 300 && place < 345) || place % 97 < 2;
/** Of how many turns one is worked out a second time. */
const EACH = 7;
const STEP = 2 * MINUTE;
const LENGTH = 20;

/** By symbol and the end of each minute, as the files have them. */
function readCloses(): Map<string, Map<number, number>> {
  const closes = new Map<string, Map<number, number>>();
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.csv'))) {
    const symbol = file.slice(0, -'.csv'.length);
    if (
      !ASSETS.some(
        (asset) => ASSETS.includes(symbol.slice(asset.length)) && symbol.startsWith(asset),
      )
    ) {
      continue;
    }
    const ofPair = new Map<number, number>();
    for (const row of readFileSync(`${FOLDER}/${file}`, 'utf8').trim().split('\n').slice(1)) {
      const [, open, , , , close] = row.split(',').map(Number);
      ofPair.set((open as number) + MINUTE, close as number);
    }
    closes.set(symbol, ofPair);
  }
  return closes;
}

/** Listed, listed the other way round, or over the two legs that are first by name: no spread is known. */
function definedPrice(closes: Map<string, Map<number, number>>, i: string, j: string, at: number) {
  const of = (symbol: string) => closes.get(symbol)?.get(at) ?? null;
  const leg = (from: string, to: string): [string, number] | null => {
    const [direct, inverse] = [of(from + to), of(to + from)];
    if (direct !== null) return [from + to, direct];
    return inverse === null ? null : [to + from, 1 / inverse];
  };
  if (i === j) return 1;
  const listed = leg(i, j);
  if (listed) return listed[1];
  const [start = '', end = ''] = [i, j].sort();
  let best: { readonly names: string; readonly rate: number } | null = null;
  for (const k of ASSETS) {
    if (k === i || k === j) continue;
    const [first, second] = [leg(start, k), leg(k, end)];
    const [one, other] = [leg(i, k), leg(k, j)];
    if (!first || !second || !one || !other) continue;
    const names = `${first[0]} ${second[0]}`;
    if (best === null || names < best.names) best = { names, rate: one[1] * other[1] };
  }
  return best?.rate ?? null;
}

describe.skipIf(!existsSync(FOLDER))(
  'windows over the recording of 2022-11-08 (where ../shared/data is there)',
  () => {
    const closes = new Map<string, Map<number, number>>();
    let moments: number[] = [];
    let reader: SeriesReader;

    beforeAll(async () => {
      for (const [symbol, each] of readCloses()) closes.set(symbol, each);
      const recording = await openRecording(FOLDER, ASSETS);
      const pairs = tradingPairs(recording.listings, ASSETS);
      moments = recording.moments
        .filter((at) => [...closes.values()].every((each) => each.has(at)))
        .filter((_, place) => !isLost(place));
      let previous: CycleFigures | null = null;
      const cycles = moments.map((at, place): Cycle => {
        previous = composeCycle({
          ...{ turn: place + 1, startedAt: at, completedAt: at, exchange: 'REPLAY' as const },
          universe: ASSETS,
          frame: makeFrame(pairs, parseTickers(recording.tickers(at)), at),
          holdings: { source: 'PAPER', balances: [] },
          config: { ...defaultSettings(ASSETS), version: 1, updatedAt: at },
          ...{ staleAfterMs: 120_000, intervalMs: MINUTE, previous },
        });
        return previous.cycle;
      });
      const store = new CyclesInMemory(cycles, 100);
      reader = new SeriesReader({ cycles: store, chunks: store, extent: store, clock: () => 0 });
    });

    const pricedIn = (numeraire: string): PricedMoment[] =>
      moments.map((at) => ({
        observedAt: at,
        priceOf: (asset) => definedPrice(closes, asset, numeraire, at),
      }));

    const valuesOf = async (lines: readonly Line[]) => {
      const range = { from: parseMoment('start') as Moment, to: parseMoment('now') as Moment };
      const asked = { lines, every: 'turn', maxPoints: 2_000, ...range } as const;
      const data = await reader.read(asked, UNPACED);
      return data.lines.map((line) => line.values('LAST'));
    };

    /** @returns how many of the values are there */
    const expectNear = (
      values: Float64Array,
      expectedAt: (place: number) => number | null,
    ): number => {
      expect(values).toHaveLength(moments.length);
      let given = 0;
      for (let place = 0; place < moments.length; place += EACH) {
        const [value, expected] = [values[place] as number, expectedAt(place)];
        expect(Number.isNaN(value)).toBe(expected === null);
        if (expected === null) continue;
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, expected));
        given++;
      }
      return given;
    };

    it.each(
      ['USDT', 'BTC', 'BNB'].flatMap((numeraire) => [0, 1].map((lag) => [numeraire, lag] as const)),
    )(
      'has in %s at lag %i the cells of an independent program at each turn',
      async (numeraire, lag) => {
        const turns = pricedIn(numeraire);
        for (const window of ['CORRELATION', 'COVARIANCE', 'BETA'] as const) {
          const spans = { over: LENGTH * STEP, step: STEP, lag, in: numeraire };
          const cells = [
            ['ETH', 'DOGE'],
            ['DOGE', 'DOGE'],
          ] as const;
          const found = await valuesOf(
            cells.map(([base, quote]) => ({ kind: 'WINDOW', window, base, quote, ...spans })),
          );
          cells.forEach((cell, at) => {
            const given = expectNear(
              found[at] as Float64Array,
              (place) =>
                definedCell(turns, place, cell, { step: STEP, length: LENGTH, lag })[window],
            );
            expect(given).toBeGreaterThan(100);
          });
        }
      },
    );

    it.each(['USDT', 'BTC', 'BNB'])(
      'has in %s the volatilities of an independent program at each turn',
      async (numeraire) => {
        const turns = pricedIn(numeraire);
        const spans = { over: LENGTH * STEP, step: STEP, in: numeraire };
        const found = await valuesOf(
          ASSETS.map((asset) => ({ kind: 'ASSET', figure: 'VOLATILITY', asset, ...spans })),
        );
        ASSETS.forEach((asset, at) => {
          const given = expectNear(found[at] as Float64Array, (place) =>
            definedVolatility(turns, place, asset, { step: STEP, length: LENGTH }),
          );
          expect(given).toBeGreaterThan(100);
        });
      },
    );
  },
);
