import { readFileSync } from 'node:fs';
import type { TickerStatistics } from '../simulator/feed.js';

/** A folder cannot be replayed; the message names the file, and the row where there is one. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** The data of a recording: what was known of which symbol at which moment. */
export interface RecordedData {
  /** The names of the symbols, in no particular order. */
  readonly symbols: readonly string[];
  /** The moments at which something new was known, ascending: milliseconds since 1970. */
  moments(symbols: ReadonlySet<string>): readonly number[];
  /** What was known of a symbol at a moment; null if nothing was. */
  ticker(symbol: string, at: number): TickerStatistics | null;
}

/** @throws {RecordingError} naming the file if it cannot be read or is no JSON. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RecordingError(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
