import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDecimal } from '../../domain/decimal.js';
import type { TickerStatistics } from '../simulator/feed.js';
import { RecordingError, type RecordedData } from './recorded-data.js';

const DAY_MS = 86_400_000;
/** A candle carries no book. */
const UNKNOWN = '0.00000000';

interface Candle {
  readonly openTime: number;
  readonly closeTime: number;
  /** The recording's own text. */
  readonly open: string;
  readonly close: string;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly quoteVolume: number;
  readonly trades: number;
}

/**
 * Candles of one minute, one file a symbol. A moment is the end of a candle; what is known then
 * are the candles closed by then, of the last 24 h or as far back as the file goes. Played is the
 * time in which every symbol that is played has candles.
 */
export function openCandles(folder: string, names: readonly string[]): RecordedData {
  const files = new Map(
    names.map((name) => [path.basename(name, '.csv'), readCandles(path.join(folder, name))]),
  );
  return {
    symbols: [...files.keys()],
    moments: (symbols) => commonMoments([...symbols].map((symbol) => files.get(symbol) ?? [])),
    ticker(symbol, at) {
      const candles = files.get(symbol);
      return candles ? statistics(symbol, candles, at) : null;
    },
  };
}

function commonMoments(files: readonly (readonly Candle[])[]): number[] {
  let begin = -Infinity;
  let end = Infinity;
  const ends = new Set<number>();
  for (const candles of files) {
    begin = Math.max(begin, endOf(candles[0]));
    end = Math.min(end, endOf(candles.at(-1)));
    for (const candle of candles) ends.add(endOf(candle));
  }
  return [...ends].filter((at) => at >= begin && at <= end).sort((a, b) => a - b);
}

function endOf(candle: Candle | undefined): number {
  return candle ? candle.closeTime + 1 : NaN;
}

function statistics(symbol: string, candles: readonly Candle[], at: number) {
  const end = countUntil(candles, ({ closeTime }) => closeTime < at);
  const begin = countUntil(candles, ({ openTime }) => openTime < at - DAY_MS);
  const [first, last] = [candles[begin], candles[end - 1]];
  if (!first || !last || end <= begin) return null;
  let [high, low, volume, quoteVolume, count] = [first.high, first.low, 0, 0, 0];
  for (let index = begin; index < end; index++) {
    const candle = candles[index] as Candle;
    high = Math.max(high, candle.high);
    low = Math.min(low, candle.low);
    volume += candle.volume;
    quoteVolume += candle.quoteVolume;
    count += candle.trades;
  }
  const ticker: TickerStatistics = {
    symbol,
    openPrice: first.open,
    highPrice: high.toFixed(8),
    lowPrice: low.toFixed(8),
    lastPrice: last.close,
    bidPrice: UNKNOWN,
    askPrice: UNKNOWN,
    volume: volume.toFixed(8),
    quoteVolume: quoteVolume.toFixed(8),
    openTime: first.openTime,
    closeTime: last.closeTime,
    count,
  };
  return ticker;
}

/** How many candles from the start fulfil a condition that holds up to some point. */
function countUntil(candles: readonly Candle[], holds: (candle: Candle) => boolean): number {
  let [low, high] = [0, candles.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(candles[middle] as Candle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Columns of Binance's own dumps; some recordings number their rows in a column before. */
const COLUMNS = 12;

function readCandles(file: string): Candle[] {
  const rows = readFileSync(file, 'utf8').split(/\r?\n/);
  const candles: Candle[] = [];
  rows.forEach((row, index) => {
    const cells = row.split(',');
    const isHeader = index === 0 && !cells.some(isDecimal);
    if (row === '' || isHeader) return;
    const candle = parseCandle(cells);
    const before = candles.at(-1);
    if (candle === null || (before && candle.openTime <= before.openTime)) {
      const fault = candle === null ? 'is no candle' : 'is not later than the row before';
      throw new RecordingError(`${file}: row ${index + 1} ${fault}`);
    }
    candles.push(candle);
  });
  if (candles.length === 0) throw new RecordingError(`${file}: no candles`);
  return candles;
}

function parseCandle(cells: readonly string[]): Candle | null {
  if (cells.length !== COLUMNS && cells.length !== COLUMNS + 1) return null;
  const values = cells.slice(cells.length - COLUMNS);
  if (!values.slice(0, 9).every(isDecimal)) return null;
  const [openTime, open, high, low, close, volume, closeTime, quoteVolume, trades] =
    values as unknown as readonly [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
  return {
    openTime: milliseconds(openTime),
    closeTime: milliseconds(closeTime),
    open,
    close,
    high: Number(high),
    low: Number(low),
    volume: Number(volume),
    quoteVolume: Number(quoteVolume),
    trades: Number(trades),
  };
}

/** Binance's dumps count in milliseconds until 2024, in microseconds from 2025. */
function milliseconds(text: string): number {
  const time = Number(text);
  return time > 1e14 ? Math.floor(time / 1000) : time;
}
