import { existsSync, readFileSync } from 'node:fs';
import { tradingPairs } from '../../src/domain/asset.js';
import { composeCycle, type Cycle, type CycleFigures } from '../../src/domain/cycle.js';
import { makeFrame, type Frame } from '../../src/domain/frame.js';
import { parseMoment, type Moment } from '../../src/domain/series/moment.js';
import { defaultSettings } from '../../src/domain/strategy.js';
import { parseTickers } from '../../src/exchange/binance/parse.js';
import { openRecording } from '../../src/exchange/replayed/recording.js';
import type { SeriesData } from '../../src/history/series-data.js';
import { SeriesReader } from '../../src/history/series-reader.js';
import { UNPACED } from '../../src/scheduling/slices.js';
import { CyclesInMemory } from './chunks-of.js';
import { MINUTE } from './recordings.js';

/** Where the recording is, if it is there. */
export const FOLDER = '../shared/data/klines/2022-11-08_1m';
/** The assets of all turns. */
export const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB', 'DOGE', 'BRL', 'EUR', 'BUSD'];
/** Of an hour. */
export const QUARTER = 15 * MINUTE;
/** The turns that are not stored: two whole quarters of an hour, and more. */
const isLost = (place: number): boolean => place >= 300 && place < 345;

interface Prices {
  readonly last: number;
  readonly bid: number;
  readonly ask: number;
}
/** The prices of each symbol at a moment. */
export type Book = (symbol: string, at: number, last: number) => Pick<Prices, 'bid' | 'ask'>;

const NO_BOOK: Book = () => ({ bid: 0, ask: 0 });
/** Spreads that overtake each other from minute to minute. */
export const MOVING_BOOK: Book = (symbol, at, last) => {
  const letters = [...symbol].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const half = (1 + (((at / MINUTE) * 7 + letters * 13) % 17)) / 100_000;
  return { bid: last * (1 - half), ask: last * (1 + half) };
};

/** By symbol: base, quote and the close of each minute by its end, as the files have them. */
export function readCloses() {
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

/** What the files have. */
export type Closes = ReturnType<typeof readCloses>;

/** The moments at which every symbol has a price, without the lost ones. */
export function momentsOf(closes: Closes): number[] {
  const [some] = closes.values();
  const moments: number[] = [];
  for (const at of some?.closes.keys() ?? []) {
    let isThere = true;
    for (const symbol of closes.values()) if (!symbol.closes.has(at)) isThere = false;
    if (isThere) moments.push(at);
  }
  return moments.sort((a, b) => a - b).filter((_, place) => !isLost(place));
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

/** A reader of series over the turns with a book. */
export async function readerOf(closes: Closes, book: Book): Promise<SeriesReader> {
  const store = new CyclesInMemory(await cyclesOf(closes, book), 100);
  return new SeriesReader({ cycles: store, chunks: store, extent: store, clock: () => 0 });
}

const moment = (text: string) => parseMoment(text) as Moment;

/** Rates that are listed, listed the other way round, and over two legs. */
export const CELLS = ['BTC/USDT', 'USDT/BTC', 'DOGE/BNB', 'BNB/DOGE', 'BUSD/ETH', 'EUR/BRL'];

/** The series of these rates over all turns. */
export function readCells(reader: SeriesReader, every: number | 'turn'): Promise<SeriesData> {
  const lines = CELLS.map((name) => {
    const [base = '', quote = ''] = name.split('/');
    return { kind: 'CELL', matrix: 'ID_BENCHMARK', base, quote } as const;
  });
  const range = { from: moment('start'), to: moment('now'), maxPoints: 5_000 };
  return reader.read({ lines, every, ...range }, UNPACED);
}

/** Each book with its words. */
export const BOOKS: [words: string, book: Book][] = [
  ['without a book', NO_BOOK],
  ['with a book that moves', MOVING_BOOK],
];
