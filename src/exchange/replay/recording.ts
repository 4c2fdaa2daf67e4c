import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { SymbolListing, Universe } from '../../domain/asset.js';
import { parseExchangeInfo } from '../parse.js';
import type { TickerStatistics } from '../simulator/feed.js';
import { openCandles } from './candles.js';
import { readJson, RecordingError } from './recorded-data.js';
import { openSnapshots } from './snapshots.js';
import { splitNames } from './split-names.js';

/** Recorded market data that can be played. Times are milliseconds since 1970. */
export interface Recording {
  readonly listings: readonly SymbolListing[];
  /** Ascending, at least one. */
  readonly moments: readonly number[];
  /** What an operator should know, in words. */
  readonly warnings: readonly string[];
  tickers(at: number, symbols?: readonly string[]): TickerStatistics[];
}

const EXCHANGE_INFO = 'exchangeInfo.json';

/**
 * Opens a folder of `ticker/24hr` snapshots (`*.json`) or of 1-minute candles (`SYMBOL.csv`).
 * Base and quote come from the folder's `exchangeInfo.json`; without one, names are split against
 * the universe.
 * @throws {RecordingError} if the folder holds neither, or a file cannot be read.
 */
export function openRecording(folder: string, universe: Universe): Recording {
  const files = readdirSync(folder).sort();
  const snapshots = files.filter((name) => name.endsWith('.json') && name !== EXCHANGE_INFO);
  const candles = files.filter((name) => name.endsWith('.csv'));
  if (snapshots.length > 0 === candles.length > 0) {
    const found = snapshots.length > 0 ? 'both' : 'neither';
    throw new RecordingError(
      `${folder}: expected ticker/24hr snapshots (*.json) or 1-minute candles (SYMBOL.csv), found ${found}`,
    );
  }
  const data =
    snapshots.length > 0 ? openSnapshots(folder, snapshots) : openCandles(folder, candles);
  const { listings, warnings } = readListings(folder, data.symbols, universe);
  const members = new Set(universe);
  const needed = listings.filter(
    ({ baseAsset, quoteAsset }) => members.has(baseAsset) && members.has(quoteAsset),
  );
  const known = new Set(data.symbols);
  const played = new Set(needed.map(({ symbol }) => symbol).filter((name) => known.has(name)));
  if (played.size === 0) {
    throw new RecordingError(`${folder}: none of its ${known.size} symbols is a pair of ASSETS`);
  }
  const moments = data.moments(played);
  if (moments.length === 0) {
    throw new RecordingError(`${folder}: its files have no moment in common`);
  }
  return {
    listings,
    moments,
    warnings,
    tickers: (at, symbols = data.symbols) =>
      symbols.map((symbol) => data.ticker(symbol, at)).filter((ticker) => ticker !== null),
  };
}

function readListings(folder: string, symbols: readonly string[], universe: Universe) {
  const file = path.join(folder, EXCHANGE_INFO);
  if (existsSync(file)) {
    return { listings: parseExchangeInfo(readJson(file)).listings, warnings: [] };
  }
  const { listings, ambiguous } = splitNames(symbols, universe);
  const warnings =
    ambiguous.length === 0
      ? []
      : [
          `Left out of the replay, because the name can be split in more than one way: ${ambiguous.join(', ')}. An ${EXCHANGE_INFO} in the folder would tell.`,
        ];
  return { listings, warnings };
}
