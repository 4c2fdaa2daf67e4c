import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { SymbolListing, Universe } from '../../domain/asset.js';
import { parseExchangeInfo } from '../binance/parse.js';
import type { TickerStatistics } from '../served/feed.js';
import { findCandleFiles, mayHoldCandles } from './candle-files.js';
import { openCandles } from './candles.js';
import { readJson, RecordingError, type RecordedData, type Warn } from './recorded-data.js';
import { scanSnapshots } from './snapshot-folder.js';
import { Snapshots } from './snapshots.js';
import { splitNames } from './split-names.js';

/** Recorded market data that can be played. Times are milliseconds since 1970. */
export interface Recording {
  readonly listings: readonly SymbolListing[];
  /** Ascending, at least one at the start. */
  readonly moments: readonly number[];
  /** What an operator should know, in words. */
  readonly warnings: readonly string[];
  /** The first moment later than another that can be played; null after the last. */
  next(after: number | null): number | null;
  tickers(at: number, symbols?: readonly string[]): TickerStatistics[];
  /** Whether a symbol without a valid price at a moment counts as one that was traded then. */
  lists(symbol: string, at: number): boolean;
  /** Names a moment for people: by its file, where it has one of its own. */
  nameOf(moment: number): string;
}

/** The median distance of neighbouring moments, milliseconds; null where there is only one moment. */
export function medianStep(moments: readonly number[]): number | null {
  const steps = Float64Array.from(moments.slice(1), (moment, at) => moment - (moments[at] ?? 0));
  return steps.sort()[steps.length >>> 1] ?? null;
}

const EXCHANGE_INFO = 'exchangeInfo.json';

/**
 * Opens a folder of `ticker/24hr` snapshots (`*.json`) or of candles (`SYMBOL.csv`, or files and zips
 * as Binance's archive names them). Base and quote come from the folder's `exchangeInfo.json`;
 * without one, names are split against the universe. Only what the universe needs is read.
 * @param warn is told what has to be left out later
 * @throws {RecordingError} if the folder holds neither, or a file cannot be read.
 */
export async function openRecording(
  folder: string,
  universe: Universe,
  warn: Warn = () => undefined,
): Promise<Recording> {
  const files = namesIn(folder);
  const snapshots = files.filter((name) => /\.json$/i.test(name) && name !== EXCHANGE_INFO);
  const candles = files.filter(mayHoldCandles);
  if (snapshots.length > 0 === candles.length > 0) {
    const found = snapshots.length > 0 ? 'both' : 'neither';
    throw new RecordingError(
      `${folder}: expected ticker/24hr snapshots (*.json) or candles (SYMBOL.csv, SYMBOL-1m-2024-12.csv or .zip), found ${found}`,
    );
  }
  return snapshots.length > 0
    ? openSnapshots(folder, snapshots, universe, warn)
    : openCandleFiles(folder, candles, universe);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    throw new RecordingError(`${folder}: ${(error as Error).message}`, { cause: error });
  }
}

function openSnapshots(
  folder: string,
  names: readonly string[],
  universe: Universe,
  warn: Warn,
): Recording {
  const scanned = scanSnapshots(folder, names);
  const symbols = new Set(
    [...scanned.read.values()].flatMap(({ tickers, faults }) => [
      ...tickers.keys(),
      ...faults.keys(),
    ]),
  );
  symbols.delete('');
  const cast = castOf(folder, symbols, universe);
  return recordingOf(folder, cast, new Snapshots(scanned, cast.played, warn));
}

async function openCandleFiles(
  folder: string,
  names: readonly string[],
  universe: Universe,
): Promise<Recording> {
  const { files, unnamed } = await findCandleFiles(folder, names);
  const cast = castOf(folder, new Set(files.map(({ symbol }) => symbol)), universe);
  const played = files.filter(({ symbol }) => cast.played.has(symbol));
  const warnings =
    unnamed.length === 0
      ? cast.warnings
      : [
          ...cast.warnings,
          `Not read, because the name is not that of candles (SYMBOL or SYMBOL-1m-2024-12): ${unnamed.join(', ')}`,
        ];
  return recordingOf(folder, { ...cast, warnings }, await openCandles(folder, played));
}

/** Who plays. */
interface Cast {
  readonly listings: readonly SymbolListing[];
  /** The symbols of pairs of the universe that the folder has data of. */
  readonly played: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

function castOf(folder: string, known: ReadonlySet<string>, universe: Universe): Cast {
  const { listings, warnings } = readListings(folder, [...known], universe);
  const members = new Set(universe);
  const played = listings
    .filter(({ baseAsset, quoteAsset }) => members.has(baseAsset) && members.has(quoteAsset))
    .map(({ symbol }) => symbol)
    .filter((symbol) => known.has(symbol));
  if (played.length === 0) {
    throw new RecordingError(`${folder}: none of its ${known.size} symbols is a pair of ASSETS`);
  }
  return { listings, played: new Set(played), warnings };
}

function readListings(folder: string, symbols: readonly string[], universe: Universe) {
  const file = path.join(folder, EXCHANGE_INFO);
  if (existsSync(file)) return { listings: readExchangeInfo(file), warnings: [] };
  const { listings, ambiguous } = splitNames(symbols, universe);
  const warnings =
    ambiguous.length === 0
      ? []
      : [
          `Left out of the replay, because the name can be split in more than one way: ${ambiguous.join(', ')}. An ${EXCHANGE_INFO} in the folder would tell.`,
        ];
  return { listings, warnings };
}

function readExchangeInfo(file: string): readonly SymbolListing[] {
  const info = readJson(file);
  try {
    return parseExchangeInfo(info).listings;
  } catch (error) {
    throw new RecordingError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function recordingOf(folder: string, cast: Cast, data: RecordedData): Recording {
  if (data.moments.length === 0) {
    throw new RecordingError(`${folder}: its files have no moment in common`);
  }
  const played = [...cast.played];
  return {
    listings: cast.listings,
    get moments() {
      return data.moments;
    },
    warnings: [...cast.warnings, ...data.warnings],
    next(after) {
      for (;;) {
        const moment = firstAfter(data.moments, after ?? -Infinity);
        if (moment === undefined) return null;
        if (data.holds(moment)) return moment;
      }
    },
    tickers: (at, symbols = played) =>
      symbols.map((symbol) => data.ticker(symbol, at)).filter((ticker) => ticker !== null),
    lists: (symbol, at) => data.lists(symbol, at),
    nameOf: (moment) => data.nameOf(moment),
  };
}

function firstAfter(moments: readonly number[], after: number): number | undefined {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((moments[middle] as number) <= after) low = middle + 1;
    else high = middle;
  }
  return moments[low];
}
