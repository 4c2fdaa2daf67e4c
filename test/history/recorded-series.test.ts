import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { tradingPairs } from '../../src/domain/asset.js';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { makeFrame, type Frame } from '../../src/domain/frame.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { stepOf, type TransformKind } from '../../src/domain/series/transform.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { openRecording } from '../../src/exchange/replayed/recording.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from '../support/chunks-of.js';
import { MINUTE } from '../support/recordings.js';

const FOLDER = '../shared/data/klines/2022-11-08_1m';
const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE', 'BRL', 'EUR', 'BUSD'];
const QUARTER = 15 * MINUTE;
/** The turns that are not stored: two whole quarters of an hour, and more. */
const isLost = (place: number): boolean => place >= 300 && place < 345;

interface Prices {
  readonly last: number;
  readonly bid: number;
  readonly ask: number;
}
/** The prices of each symbol at a moment. */
type Book = (symbol: string, at: number, last: number) => Pick<Prices, 'bid' | 'ask'>;

const NO_BOOK: Book = () => ({ bid: 0, ask: 0 });
/** Spreads that overtake each other from minute to minute. */
const MOVING_BOOK: Book = (symbol, at, last) => {
  const letters = [...symbol].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const half = (1 + (((at / MINUTE) * 7 + letters * 13) % 17)) / 100_000;
  return { bid: last * (1 - half), ask: last * (1 + half) };
};

/** By symbol: base, quote and the close of each minute by its end, as the files have them. */
function readCloses() {
  const found = new Map<string, { base: string; quote: string; closes: Map<number, number> }>();
  for (const base of ASSETS) {
    for (const quote of ASSETS) {
      const file = `${FOLDER}/${base}${quote}.csv`;
      if (!existsSync(file)) continue;
      const closes = new Map<number, number>();
      for (const row of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
        const [, open, , , , close] = row.split(',').map(Number);
        closes.set((open as number) + MINUTE, close as number);
      }
      found.set(base + quote, { base, quote, closes });
    }
  }
  return found;
}

type Closes = ReturnType<typeof readCloses>;

/** The moments at which every symbol has a price, without the lost ones. */
function momentsOf(closes: Closes): number[] {
  const [some] = closes.values();
  const moments: number[] = [];
  for (const at of some?.closes.keys() ?? []) {
    let isThere = true;
    for (const symbol of closes.values()) if (!symbol.closes.has(at)) isThere = false;
    if (isThere) moments.push(at);
  }
  return moments.sort((a, b) => a - b).filter((_, place) => !isLost(place));
}

/** A rate by plain loops: listed, listed the other way round, or by the best two legs. */
function definedRate(closes: Closes, book: Book, at: number, base: string, quote: string) {
  const symbols = [...closes.keys()].sort();
  const closeOf = (symbol: string) => closes.get(symbol)?.closes.get(at) as number;
  const direct = base + quote;
  if (closes.has(direct)) return { rate: closeOf(direct), path: direct };
  const inverse = quote + base;
  if (closes.has(inverse)) return { rate: 1 / closeOf(inverse), path: inverse };
  const [start = '', end = ''] = [base, quote].sort();
  let best: string[] = [];
  let least = Infinity;
  for (const one of symbols) {
    for (const other of symbols) {
      for (const middle of ASSETS) {
        const isFirst = one === start + middle || one === middle + start;
        const isSecond = other === middle + end || other === end + middle;
        if (!isFirst || !isSecond || middle === start || middle === end) continue;
        let sum = 0;
        for (const symbol of [one, other]) {
          const { bid, ask } = book(symbol, at, closeOf(symbol));
          sum += bid > 0 ? (ask - bid) / ((ask + bid) / 2) : Infinity;
        }
        if (best.length > 0 && !(sum < least)) continue;
        best = [one, other];
        least = sum;
      }
    }
  }
  const legs = base === start ? best : [best[1] as string, best[0] as string];
  let [rate, held] = [1, base];
  for (const symbol of legs) {
    const { base: from = '', quote: to = '' } = closes.get(symbol) ?? {};
    rate *= held === from ? closeOf(symbol) : 1 / closeOf(symbol);
    held = held === from ? to : from;
  }
  return { rate, path: legs.join(' ') };
}

async function cyclesOf(closes: Closes, book: Book): Promise<Cycle[]> {
  const recording = await openRecording(FOLDER, ASSETS);
  const pairs = tradingPairs(recording.listings, ASSETS);
  let previous: CycleFigures | null = null;
  return momentsOf(closes).map((at, place) => {
    const readings = parseTickers(recording.tickers(at));
    const { tickers }: Frame = makeFrame(pairs, readings, at);
    previous = composeCycle({
      ...{ turn: place + 1, startedAt: at, completedAt: at, exchange: 'REPLAY', universe: ASSETS },
      frame: {
        observedAt: at,
        tickers: tickers.map((ticker) => ({ ...ticker, ...book(ticker.symbol, at, ticker.last) })),
      },
      holdings: { source: 'PAPER', balances: [] },
      config: { ...defaultSettings(ASSETS), version: 1, updatedAt: at },
      ...{ staleAfterMs: 120_000, intervalMs: MINUTE, previous },
    });
    return previous.cycle;
  });
}

const moment = (text: string) => parseMoment(text) as Moment;
const nulls = (values: Float64Array) => [...values].map((v) => (Number.isNaN(v) ? null : v));

describe.skipIf(!existsSync(FOLDER))('of the FTX crash (where ../shared/data is there)', () => {
  let closes: Closes;
  beforeAll(() => {
    closes = readCloses();
  });

  describe.each([
    ['without a book', NO_BOOK],
    ['with a book that moves', MOVING_BOOK],
  ])('%s', (_name, book) => {
    const CELLS = ['BTC/USDT', 'USDT/BTC', 'DOGE/BNB', 'BNB/DOGE', 'BUSD/ETH', 'EUR/BRL'];
    let reader: SeriesReader;
    beforeAll(async () => {
      const store = new CyclesInMemory(await cyclesOf(closes, book), 100);
      reader = new SeriesReader({ cycles: store, chunks: store, extent: store, clock: () => 0 });
    });

    const read = (every: number | 'turn') => {
      const lines = CELLS.map((name) => {
        const [base = '', quote = ''] = name.split('/');
        return { kind: 'CELL', matrix: 'ID_BENCHMARK', base, quote } as const;
      });
      const range = { from: moment('start'), to: moment('now'), maxPoints: 5_000 };
      return reader.read({ lines, every, ...range }, UNPACED);
    };
    const defined = (name: string) => {
      const [base = '', quote = ''] = name.split('/');
      return momentsOf(closes).map((at) => ({ at, ...definedRate(closes, book, at, base, quote) }));
    };

    it('the rate of each turn and its path are those of plain loops over the files', async () => {
      const data = await read('turn');
      CELLS.forEach((name, place) => {
        const expected = defined(name);
        const line = data.lines[place];
        expect([...data.starts]).toEqual(expected.map(({ at }) => at));
        expect([...(line?.values('LAST') ?? [])]).toEqual(expected.map(({ rate }) => rate));
        const paths = line?.paths.flatMap(({ fromTurn, toTurn, path }) =>
          Array.from({ length: toTurn - fromTurn + 1 }, () => path.join(' ')),
        );
        expect(paths).toEqual(expected.map(({ path }) => path));
        const changes = expected.filter(({ path }, at) => path !== expected[at - 1]?.path);
        expect(line?.pathCount).toBe(changes.length);
      });
      const isMoving = book === MOVING_BOOK;
      expect(data.lines.some(({ pathCount }) => (pathCount ?? 0) > 100)).toBe(isMoving);
    });

    it('candles and means of a quarter of an hour too, and those without a turn are empty', async () => {
      const data = await read(QUARTER);
      CELLS.forEach((name, place) => {
        const rates = defined(name);
        const first = Math.floor((rates[0]?.at as number) / QUARTER) * QUARTER;
        const rows: (number | null)[][] = [];
        for (let start = first; start <= (rates.at(-1)?.at as number); start += QUARTER) {
          let open: number | null = null;
          let [high, low, close]: (number | null)[] = [null, null, null];
          let [sum, count] = [0, 0];
          for (const { at, rate } of rates) {
            if (at < start || at >= start + QUARTER) continue;
            open ??= rate;
            high = high === null || high === undefined || rate > high ? rate : high;
            low = low === null || low === undefined || rate < low ? rate : low;
            close = rate;
            sum += rate;
            count++;
          }
          const ends = [high ?? null, low ?? null, close ?? null];
          rows.push([start, open, ...ends, count > 0 ? sum / count : null, count]);
        }
        const line = data.lines[place];
        const columns = (['FIRST', 'MAX', 'MIN', 'LAST', 'MEAN', 'COUNT'] as const).map((of) =>
          nulls(line?.values(of) ?? new Float64Array()),
        );
        expect([...data.starts].map((at, n) => [at, ...columns.map((all) => all[n])])).toEqual(
          rows,
        );
        expect(rows.filter(([, open]) => open === null)).toHaveLength(2);
      });
    });

    it('transforms go on over what is empty', async () => {
      const data = await read(QUARTER);
      for (const line of data.lines) {
        const values = nulls(line.values('LAST'));
        const come = (kind: TransformKind, length: number | null = null) => {
          const step = stepOf([{ kind, length }]);
          return values.map((value) => {
            const result = step(value ?? NaN);
            return Number.isNaN(result) ? null : result;
          });
        };
        const seen: number[] = [];
        const expected: Record<string, (number | null)[]> = { D: [], L: [], C: [], M: [], E: [] };
        let smooth = NaN;
        for (const value of values) {
          const before = seen.at(-1);
          if (value !== null) {
            seen.push(value);
            smooth = seen.length === 1 ? value : 0.4 * value + 0.6 * smooth;
          }
          const isAny = value !== null;
          const isPair = isAny && before !== undefined;
          expected['D']?.push(isPair ? value - before : null);
          expected['L']?.push(isPair ? Math.log(value / before) : null);
          expected['C']?.push(isAny ? 100 * (value / (seen[0] as number) - 1) : null);
          const [a = 0, b = 0, c = 0, d = 0] = seen.slice(-4);
          expected['M']?.push(isAny && seen.length >= 4 ? (a + b + c + d) / 4 : null);
          expected['E']?.push(isAny ? smooth : null);
        }
        expect(come('DIFFERENCE')).toEqual(expected['D']);
        expect(come('LOG_RETURN')).toEqual(expected['L']);
        expect(come('CUMULATIVE_PERCENT')).toEqual(expected['C']);
        expect(come('MOVING_AVERAGE', 4)).toEqual(expected['M']);
        const smoothed = come('EWMA', 4);
        smoothed.forEach((value, at) => {
          const other = expected['E']?.[at] ?? null;
          expect(value === null).toBe(other === null);
          expect(Math.abs((value ?? 0) - (other ?? 0))).toBeLessThanOrEqual(1e-12 * (other ?? 0));
        });
      }
    });
  });
});
