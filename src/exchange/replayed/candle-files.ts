import { createReadStream } from 'node:fs';
import path from 'node:path';
import { cellsOf, isHeader, parseCandle } from './candle-row.js';
import { CandleSeries } from './candle-series.js';
import { candleFileName } from './file-names.js';
import { RecordingError } from './recorded-data.js';
import { rowsOf, RowTooLongError } from './text.js';
import { filesInZip } from './zip.js';

/** Candles of one symbol in one file, on its own or within a zip. */
export interface CandleFile {
  readonly symbol: string;
  /** For people: where it is. */
  readonly place: string;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** How much text is read at most, in all: 16 million candles, which take some 1.2 GB. */
export const MOST_BYTES = 2 ** 31;

/** What may still be read; counted down. */
export interface Allowance {
  bytes: number;
}

const isCsv = (name: string): boolean => /\.csv$/i.test(name);
const isZip = (name: string): boolean => /\.zip$/i.test(name);
/** macOS puts files of its own into zips and folders. */
const isHidden = (name: string): boolean =>
  name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');

/** Whether a file of a folder may hold candles. */
export function mayHoldCandles(name: string): boolean {
  return isCsv(name) || isZip(name);
}

/**
 * Finds the files with candles: those of the folder, and those in its zips.
 * @returns also the places of files whose names tell no symbol
 * @throws {RecordingError} if a zip cannot be read
 */
export async function findCandleFiles(folder: string, names: readonly string[]) {
  const files: CandleFile[] = [];
  const unnamed: string[] = [];
  const add = (symbol: string | undefined, place: string, read: CandleFile['read']): void => {
    if (symbol === undefined) unnamed.push(place);
    else files.push({ symbol, place, read });
  };
  for (const name of names) {
    const file = path.join(folder, name);
    if (isCsv(name)) add(candleFileName(name)?.symbol, name, () => createReadStream(file));
    if (!isZip(name)) continue;
    const zipped = await filesInZip(file, (inner) => isCsv(inner) && !isHidden(inner));
    if (zipped.length === 0) unnamed.push(name);
    for (const inner of zipped) {
      // The archive names the one file of a zip as it names the zip.
      const told = candleFileName(inner.name) ?? (zipped.length === 1 && candleFileName(name));
      add(told ? told.symbol : undefined, `${name}: ${inner.name}`, inner.read);
    }
  }
  return { files, unnamed };
}

/**
 * Reads one file.
 * @throws {RecordingError} naming the file, the row and the field that cannot be taken
 */
export async function readCandles(
  folder: string,
  { place, read }: CandleFile,
  allowance: Allowance,
): Promise<CandleSeries> {
  const series = new CandleSeries();
  let number = 0;
  try {
    for await (const rows of rowsOf(counted(read(), allowance))) {
      for (const row of rows) {
        const fault = takeRow(series, row);
        number++;
        if (fault !== null) throw new RowFault(`row ${number} ${fault}`);
      }
    }
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`${path.join(folder, place)}: ${wordsOf(error)}`, { cause: error });
  }
  if (series.length > 0) return series;
  throw new RecordingError(`${path.join(folder, place)}: no candles`);
}

class RowFault extends Error {}

function wordsOf(error: unknown): string {
  const { message } = error as Error;
  return error instanceof RowTooLongError ? `${message}: it is no candle` : message;
}

/** Adds the candle of a row; what is wrong with it, in words that follow the row's number. */
function takeRow(series: CandleSeries, row: string): string | null {
  if (row.trim() === '') return null;
  const cells = cellsOf(row);
  if (series.length === 0 && isHeader(cells)) return null;
  const candle = parseCandle(cells);
  if (typeof candle === 'string') return `is no candle: ${candle}`;
  const last = series.length - 1;
  const before = last < 0 ? -Infinity : series.at(last, 'open time');
  if ((candle[0] as number) <= before) return 'is not later than the row before (open time)';
  series.push(candle);
  return null;
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  allowance: Allowance,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    allowance.bytes -= piece.length;
    if (allowance.bytes < 0) {
      throw new Error(
        `the candles of ASSETS are more than ${MOST_BYTES} bytes: play a shorter time or fewer ASSETS`,
      );
    }
    yield piece;
  }
}
