import { plainDecimal } from '../../domain/decimal.js';
import type { TickerStatistics } from '../served/feed.js';
import { MOST_BYTES, readCandles, type CandleFile } from './candle-files.js';
import type { CandleSeries } from './candle-series.js';
import { gapsIn, joinCandles, type CandlePart } from './joined.js';
import { RecordingError, recordingError, type RecordedData } from './recorded-data.js';

const DAY_MS = 86_400_000;
/** A candle carries no book. */
const UNKNOWN = '0.00000000';

/**
 * Candles of any interval up to a day, one file or several a symbol. A moment is the end of a
 * candle; what is known then are the candles closed by then, of the last 24 h or as far back as the
 * files go. Played is the time in which every symbol that is played has candles.
 * @throws {RecordingError} naming each file that cannot be read or that contradicts another
 */
export async function openCandles(
  folder: string,
  files: readonly CandleFile[],
): Promise<RecordedData> {
  const bySymbol = await readAll(folder, files);
  return {
    warnings: gapWarnings(bySymbol),
    moments: commonMoments([...bySymbol.values()]),
    holds: () => true,
    ticker(symbol, at) {
      const candles = bySymbol.get(symbol);
      return candles ? statistics(symbol, candles, at) : null;
    },
    // Who has no candle for a day was not traded.
    lists: () => false,
    nameOf: (moment) => new Date(moment).toISOString(),
  };
}

async function readAll(folder: string, files: readonly CandleFile[]) {
  const parts = new Map<string, CandlePart[]>();
  const faults: string[] = [];
  const allowance = { bytes: MOST_BYTES };
  for (const file of files) {
    try {
      const series = await readCandles(folder, file, allowance);
      const known = parts.get(file.symbol) ?? [];
      parts.set(file.symbol, [...known, { place: file.place, series }]);
    } catch (error) {
      if (!(error instanceof RecordingError) || allowance.bytes < 0) throw error;
      faults.push(error.message);
    }
  }
  const bySymbol = new Map<string, CandleSeries>();
  for (const [symbol, ofSymbol] of parts) {
    const joined = joinCandles(ofSymbol);
    if (typeof joined === 'string') faults.push(`${folder}: ${symbol}: ${joined}`);
    else bySymbol.set(symbol, joined);
  }
  if (faults.length > 0) throw recordingError(faults);
  return bySymbol;
}

/** How many gaps are told of a symbol. */
const MOST_GAPS = 3;

function gapWarnings(bySymbol: ReadonlyMap<string, CandleSeries>): string[] {
  const iso = (at: number): string => new Date(at).toISOString();
  return [...bySymbol].flatMap(([symbol, series]) => {
    const gaps = gapsIn(series, DAY_MS);
    if (gaps.length === 0) return [];
    const told = gaps.slice(0, MOST_GAPS).map(({ from, to }) => `${iso(from)} to ${iso(to)}`);
    const more = gaps.length - told.length;
    const rest = more > 0 ? `, and ${more} times more` : '';
    return `The recording has no candles of ${symbol} from ${told.join(', ')}${rest}.`;
  });
}

function commonMoments(all: readonly CandleSeries[]): number[] {
  let begin = -Infinity;
  let end = Infinity;
  const ends = new Set<number>();
  for (const candles of all) {
    begin = Math.max(begin, endOf(candles, 0));
    end = Math.min(end, endOf(candles, candles.length - 1));
    for (let index = 0; index < candles.length; index++) ends.add(endOf(candles, index));
  }
  return [...ends].filter((at) => at >= begin && at <= end).sort((a, b) => a - b);
}

function endOf(candles: CandleSeries, index: number): number {
  return candles.at(index, 'close time') + 1;
}

function statistics(symbol: string, candles: CandleSeries, at: number): TickerStatistics | null {
  const end = candles.countUntil((index) => candles.at(index, 'close time') < at);
  const begin = candles.countUntil((index) => candles.at(index, 'open time') < at - DAY_MS);
  if (end <= begin) return null;
  let [high, low, volume, quoteVolume, count] = [-Infinity, Infinity, 0, 0, 0];
  for (let index = begin; index < end; index++) {
    high = Math.max(high, candles.at(index, 'high'));
    low = Math.min(low, candles.at(index, 'low'));
    volume += candles.at(index, 'volume');
    quoteVolume += candles.at(index, 'quote volume');
    count += candles.at(index, 'trades');
  }
  return {
    symbol,
    openPrice: decimal(candles.at(begin, 'open')),
    highPrice: decimal(high),
    lowPrice: decimal(low),
    lastPrice: decimal(candles.at(end - 1, 'close')),
    bidPrice: UNKNOWN,
    askPrice: UNKNOWN,
    volume: volume.toFixed(8),
    quoteVolume: quoteVolume.toFixed(8),
    openTime: candles.at(begin, 'open time'),
    closeTime: candles.at(end - 1, 'close time'),
    count,
  };
}

/** A number that was read from a decimal, as the shortest decimal that is read so. */
function decimal(value: number): string {
  return plainDecimal(value) ?? UNKNOWN;
}
