import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { DryRun } from '../../src/alerts/dry-run.js';
import type { Condition } from '../../src/domain/alerts/condition.js';
import { tradingPairs } from '../../src/domain/asset.js';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { makeFrame } from '../../src/domain/frame.js';
import type { Line } from '../../src/domain/series/line.js';
import { HOUR, MINUTE } from '../../src/domain/series/span.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { openRecording } from '../../src/exchange/replayed/recording.js';
import { LineTurns } from '../../src/history/line-turns.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { definedFirings, type WatchedTurn } from '../support/defined-firings.js';
import { definedStrategy, type WorkedOut } from '../support/defined-strategy.js';
import { definedConsistency, definedFigures } from '../support/definitions.js';
import {
  definedRate,
  FOLDER,
  levelAmong,
  products,
  readCloses,
  returnsOf,
} from '../support/recorded-lines.js';

const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE'];
const HELD: Readonly<Record<string, number>> = { USDT: 1_000, BTC: 0.5, DOGE: 20_000 };

describe.skipIf(!existsSync(FOLDER))(
  'dry runs over the recording of 2022-11-08 (where ../shared/data is there)',
  () => {
    let store: CyclesInMemory;
    let cycles: Cycle[] = [];
    let closes = new Map<string, Map<number, number>>();
    let strategy: readonly WorkedOut[] = [];

    beforeAll(async () => {
      closes = readCloses();
      const recording = await openRecording(FOLDER, ASSETS);
      const pairs = tradingPairs(recording.listings, ASSETS);
      const moments = recording.moments.filter((at) =>
        [...closes.values()].every((each) => each.has(at)),
      );
      const balances = Object.entries(HELD).map(([asset, amount]) => ({
        asset,
        free: String(amount),
        locked: '0',
      }));
      let previous: CycleFigures | null = null;
      cycles = moments.map((at, place) => {
        previous = composeCycle({
          ...{
            turn: place + 1,
            startedAt: at,
            completedAt: at,
            exchange: 'REPLAY',
            universe: ASSETS,
          },
          frame: makeFrame(pairs, parseTickers(recording.tickers(at)), at),
          holdings: { source: 'PAPER', balances },
          config: { ...defaultSettings(ASSETS), version: 1, updatedAt: 0 },
          ...{ staleAfterMs: 120_000, intervalMs: MINUTE, previous },
        });
        return previous.cycle;
      });
      strategy = definedStrategy(cycles);
      store = new CyclesInMemory(cycles, 512);
    });

    const at = (place: number): number => (cycles[place] as Cycle).frame.observedAt;
    const rate = (i: string, j: string) => (place: number) => definedRate(closes, i, j, at(place));
    const figures = (place: number) => {
      const { frame } = cycles[place] as Cycle;
      return definedFigures(frame.tickers, frame.observedAt, ASSETS);
    };
    /** Returns of an asset over so many minutes that have ended by a turn. */
    const returns = (asset: string, place: number, length: number, lag = 0): number[] | null => {
      const [first, last] = [place - 1 - length - lag, place - 1 - lag];
      if (first < 0) return null;
      const places = Array.from({ length: last - first + 1 }, (_, k) => first + k);
      return returnsOf(places.map(rate(asset, 'USDT')));
    };

    type Value = (place: number) => number | null;
    const LINES: [Line, Value][] = [
      [
        { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'BTC', quote: 'USDT' },
        (n) => rate('BTC', 'USDT')(n),
      ],
      [
        { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'USDT', quote: 'DOGE' },
        (n) => rate('USDT', 'DOGE')(n),
      ],
      [
        { kind: 'CELL', matrix: 'ID_BENCHMARK', base: 'DOGE', quote: 'BNB' },
        (n) => rate('DOGE', 'BNB')(n),
      ],
      [
        { kind: 'CELL', matrix: 'ID_PERCENT', base: 'DOGE', quote: 'BNB' },
        (n) => figures(n).matrices.ID_PERCENT.get('DOGE>BNB') ?? null,
      ],
      [
        { kind: 'CELL', matrix: 'ID_PCT', base: 'ETH', quote: 'BTC' },
        (n) => {
          if (n === 0) return null;
          const [now, before] = [n, n - 1].map((place) =>
            figures(place).matrices.ID_PERCENT.get('ETH>BTC'),
          );
          return (now as number) - (before as number);
        },
      ],
      [
        { kind: 'CELL', matrix: 'QUANTID', base: 'BNB', quote: 'USDT' },
        (n) => figures(n).matrices.QUANTID.get('BNB>USDT') ?? null,
      ],
      [
        { kind: 'ASSET', figure: 'STRENGTH', asset: 'BNB', in: null },
        (n) => figures(n).strengths[3] ?? null,
      ],
      [
        { kind: 'ASSET', figure: 'QUANT', asset: 'BTC', in: null },
        (n) => strategy[n]?.quants.get('BTC') ?? null,
      ],
      [{ kind: 'ASSET', figure: 'PRICE', asset: 'ETH', in: 'BTC' }, (n) => rate('ETH', 'BTC')(n)],
      [
        { kind: 'ASSET', figure: 'VOLATILITY', asset: 'BTC', in: 'USDT', over: HOUR, step: MINUTE },
        (n) => {
          // A minute without a turn has no price: there are fewer returns at the start.
          const own = returns('BTC', n, Math.min(60, n - 1));
          if (!own || own.length < 3) return null;
          return 100 * Math.sqrt(products(own, own) / (own.length - 1)) * Math.sqrt(365 * 24 * 60);
        },
      ],
      [
        { kind: 'WALLET', in: null },
        (n) =>
          Object.entries(HELD).reduce(
            (sum, [asset, amount]) => sum + amount * rate(asset, 'USDT')(n),
            0,
          ),
      ],
      [{ kind: 'BALANCE', asset: 'DOGE', in: 'BTC' }, (n) => 20_000 * rate('DOGE', 'BTC')(n)],
      [{ kind: 'STRATEGY', figure: 'LUGGAGE' }, (n) => strategy[n]?.aux.luggage ?? null],
      [
        { kind: 'CONSISTENCY', figure: 'MAX_BPS' },
        (n) =>
          Math.max(
            ...[...definedConsistency((cycles[n] as Cycle).frame.tickers).values()].map(
              ([bps]) => bps,
            ),
          ),
      ],
      [
        {
          ...{ kind: 'WINDOW', window: 'CORRELATION', base: 'ETH', quote: 'DOGE', in: 'USDT' },
          ...{ over: HOUR, step: MINUTE, lag: 0 },
        },
        (n) => {
          const length = Math.min(60, n - 1);
          const [a, b] = [returns('ETH', n, length), returns('DOGE', n, length)];
          if (!a || !b || length < 3) return null;
          return products(a, b) / Math.sqrt(products(a, a) * products(b, b));
        },
      ],
    ];

    const run = async (line: Line, condition: Condition, cooldown: number) => {
      const lines = new LineTurns({ cycles: store, chunks: store });
      const dryRun = new DryRun({ cycles: store, lines, extent: store, clock: () => 0 });
      const range = {
        from: { anchor: 'start', offsetMs: 0 },
        to: { anchor: 'now', offsetMs: 0 },
      } as const;
      return dryRun.read({ rule: { line, condition, cooldown }, ...range }, UNPACED);
    };

    it.each(LINES)(
      'fire as an independent program says, for each condition, of %j',
      async (line, valueAt) => {
        const turns = cycles.map(({ turn }, n): WatchedTurn => ({
          turn,
          observedAt: at(n),
          value: valueAt(n),
        }));
        const level = levelAmong(turns.flatMap(({ value }) => value ?? []));
        const within = 10 * MINUTE;
        const moves = turns.flatMap(({ value }, n) => {
          const before = turns[n - 10]?.value ?? 0;
          const ratio = (value ?? NaN) / before;
          return before !== 0 && ratio >= 0 ? Math.abs(100 * (ratio - 1)) : [];
        });
        const conditions: Condition[] = [
          { kind: 'ABOVE', level },
          { kind: 'BELOW', level },
          { kind: 'CROSSES', level },
          { kind: 'MOVES', percent: levelAmong(moves), within },
        ];
        for (const condition of conditions) {
          for (const cooldown of [0, 15 * MINUTE]) {
            const version = {
              line,
              condition,
              cooldown,
              version: 1,
              isEnabled: true,
              afterTurn: 0,
            };
            const defined = definedFirings([version], () => turns);
            const { total, firings } = await run(line, condition, cooldown);
            expect(firings.map(({ turn }) => turn)).toEqual(defined.map(({ turn }) => turn));
            expect(total).toBe(defined.length);
            expect(total).toBeGreaterThan(0);
            firings.forEach(({ value, observedAt }, n) => {
              expect(observedAt).toBe(defined[n]?.observedAt);
              const expected = defined[n]?.value as number;
              expect(Math.abs(value - expected)).toBeLessThanOrEqual(
                1e-9 * Math.max(1, Math.abs(expected)),
              );
            });
          }
        }
      },
    );
  },
);
